#!/usr/bin/env bash
# vipsthumbnail: a command for each file that is made; the small ones are made of the large one, as by the others.
set -euo pipefail
count=$1 folder=$2
shift 2
files=("$@")
for ((number = 0; number < count; number++)); do
    file=${files[number % ${#files[@]}]}
    vipsthumbnail "$file" --size 1280x1280 -o "$folder/$number-large.v"
    for size in large:1280x1280 small:320x320; do
        for coding in 'jpg[Q=82,strip]' 'webp[Q=78,effort=1,strip]'; do
            vipsthumbnail "$folder/$number-large.v" --size "${size#*:}" -o "$folder/$number-${size%:*}.$coding"
        done
    done
    rm "$folder/$number-large.v"
done
