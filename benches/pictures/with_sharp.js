// sharp: libvips in a process that stays.
const fs = require('fs');
const sharp = require('sharp');

sharp.concurrency(1);
sharp.cache(false);
const [count, folder, ...files] = process.argv.slice(2);

(async () => {
  for (let number = 0; number < Number(count); number++) {
    const file = fs.readFileSync(files[number % files.length]);
    const { data, info } = await sharp(file)
      .rotate()
      .resize(1280, 1280, { fit: 'inside' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const raw = { raw: { width: info.width, height: info.height, channels: info.channels } };
    const made = { large: sharp(data, raw), small: sharp(data, raw).resize(320, 320, { fit: 'inside' }) };
    for (const [name, picture] of Object.entries(made)) {
      await picture.clone().jpeg({ quality: 82 }).toFile(`${folder}/${number}-${name}.jpg`);
      await picture.clone().webp({ quality: 78, effort: 1 }).toFile(`${folder}/${number}-${name}.webp`);
    }
  }
})();
