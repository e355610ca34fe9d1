"""Measures what makes small renditions of photographs: images per second of processor time, and peak memory.

Every contestant does the same: a JPEG of 12 megapixels in, at most 1280 and at most 320 pixels out, the small one made of
the large one, each as JPEG (quality 82) and as WebP (quality 78, effort 1 of 6), right way up and without metadata. Each
runs in a process of its own, once for few pictures and once for many: the difference is free of what starting costs.
"""

import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FEW, MANY = 4, 24


def run(command, count, files, environment):
    """Processor seconds and peak memory in MB of a command that is told how many of which pictures."""
    with tempfile.TemporaryDirectory() as folder:
        child = subprocess.Popen(
            command + [str(count), folder] + files, env={**os.environ, **environment}, stdout=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(child.pid, 0)
        if status != 0:
            raise RuntimeError(f"{command[0]} failed")
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    lobby, *files = sys.argv[1:]
    tools = os.environ.get("PICTURE_PEERS", "")
    node, vips = shutil.which("node"), shutil.which("vipsthumbnail")
    contestants = [
        ("Lobby", [lobby, "work"], {}),
        ("sharp (npm)", node and [node, f"{HERE}/with_sharp.js"], {"NODE_PATH": f"{tools}/npm/node_modules"}),
        ("Pillow, draft mode", [sys.executable, f"{HERE}/with_pillow.py"], {"PYTHONPATH": f"{tools}/python"}),
        ("vipsthumbnail", vips and ["bash", f"{HERE}/with_vips.sh"], {"VIPS_CONCURRENCY": "1"}),
    ]
    print(f"| {'':20} | images per CPU second | peak memory |\n|---|---:|---:|")
    for name, command, environment in contestants:
        try:
            if not command:
                raise RuntimeError("it is not installed")
            few, _ = run(command, FEW, files, environment)
            many, peak = run(command, MANY, files, environment)
            print(f"| {name:20} | {(MANY - FEW) / (many - few):.1f} | {peak:.0f} MB |", flush=True)
        except (RuntimeError, OSError) as error:
            print(f"| {name:20} | NOT MEASURED: {error} | |", flush=True)


main()
