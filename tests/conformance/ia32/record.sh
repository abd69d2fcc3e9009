#!/bin/sh
# Records the vectors anew on the x86 processor at hand. Needs gcc with -m32 (Debian: gcc-multilib).
set -e
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc -m32 -no-pie -O1 -Wall -o "$work/recorder" recorder.c
node ../../../src/build/launch.mjs tests/conformance/ia32/cases.ts > "$work/cases.txt"
"$work/recorder" < "$work/cases.txt" | gzip -9n > vectors.txt.gz
node ../../../src/build/launch.mjs tests/conformance/ia32/cases-x87.ts > "$work/cases-x87.txt"
"$work/recorder" < "$work/cases-x87.txt" | gzip -9n > vectors-x87.txt.gz
node ../../../src/build/launch.mjs tests/conformance/ia32/cases-mmx.ts > "$work/cases-mmx.txt"
"$work/recorder" < "$work/cases-mmx.txt" | gzip -9n > vectors-mmx.txt.gz
node ../../../src/build/launch.mjs tests/conformance/ia32/cases-segments.ts > "$work/cases-segments.txt"
"$work/recorder" segments < "$work/cases-segments.txt" | gzip -9n > vectors-segments.txt.gz
echo "$(zcat vectors*.gz | wc -l) cases recorded on $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)"
