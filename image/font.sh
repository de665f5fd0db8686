# The font of the screen, made of two Debian has. Sourced.
# shellcheck shell=bash

# make_font: target/image/font, with the font and the notices that its licences demand beside it
make_font() {
    local fonts="$out_dir/root/usr/share/fonts/truetype" font="$out_dir/font" key
    key=$(hash_of "$image_dir/font.py" "$image_dir/font.sh" "$out_dir/root.stamp" "$out_dir/tools.stamp")
    fresh "$font" "$key" && return
    say "making the screen's font"
    rm -rf "$font" "$font.stamp"
    mkdir "$font"
    font_notices "$fonts" >"$font/NOTICES"
    python "$image_dir/font.py" "$fonts/vlgothic/VL-Gothic-Regular.ttf" "$fonts/dejavu/DejaVuSansMono.ttf" \
        "$font/MasshoGothic-Regular.ttf" "$font/NOTICES"
    mark_fresh "$font" "$key"
}

# DejaVu Sans carries the notice of Arev, from which some of its outlines come; Sans Mono and the package's own
# copyright file do not.
font_notices() {
    printf 'Massho Gothic is a modified copy of VL Gothic, with signs from DejaVu Sans Mono. Their notices follow.\n'
    printf '\n\nVL Gothic\n\n'
    cat "$out_dir/root/usr/share/doc/fonts-vlgothic/copyright"
    printf '\n\nDejaVu\n\n'
    python -c 'import sys; from fontTools.ttLib import TTFont; print(TTFont(sys.argv[1])["name"].getDebugName(13))' \
        "$1/dejavu/DejaVuSans.ttf"
}

# python ARGS...: the tools tree's, with nothing of the host's own and no files left behind in the tree
python() {
    PYTHONHOME="$out_dir/tools/usr" PYTHONPATH="$out_dir/tools/usr/lib/python3/dist-packages" PYTHONUTF8=1 \
        tool python3 -s -B "$@"
}
