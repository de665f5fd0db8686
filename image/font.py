"""Makes the screen's one font: font.py VL-GOTHIC DEJAVU-SANS-MONO OUTPUT NOTICES

The terminal gives one cell to what Unicode calls ambiguous or neutral in width (box lines, squares, circles, arrows,
checks); VL Gothic draws most of these two cells wide, so that half of each would be cut off. Here they are drawn in
one: with DejaVu Sans Mono's outlines, or, where that has none, with VL Gothic's own, pressed together. Kana, kanji,
fullwidth forms and ASCII stay VL Gothic's. The same input gives the same bytes.

Both licences allow a modified font. DejaVu's (Bitstream Vera, Arev) demand another name, without "Bitstream", "Vera",
"Tavmjong Bah" or "Arev", and their notices in every copy; VL Gothic's (M+, and for the kanji of Sazanami the BSD
licence) demand the notices with the copy, and that Wada Laboratory's name does not advertise it. Hence the new name,
and the notices, which NOTICES holds, are in the font as well as beside it in the image.
"""

import sys
import unicodedata

from fontTools import subset
from fontTools.misc.transform import Offset, Scale, Transform
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

FAMILY = "Massho Gothic"
NAMES = {1: FAMILY, 2: "Regular", 3: FAMILY, 4: FAMILY, 5: "Version 1.0", 6: "MasshoGothic-Regular"}
COPYRIGHT, LICENCE = 0, 13

# A line reaches from above the kana's marks to below the tails of g and j, in units of the em. VL Gothic's own metrics
# would cut the tails off.
ASCENT, DESCENT = 870, -240

# Of box lines and blocks, how far they reach beyond the cell, in units of the em: the cell's height in pixels is
# rounded up, and a gap between two rows would show.
OVERHANG = 20


def cells(character):
    """How many cells the terminal gives to a character: 0, 1 or 2."""
    if unicodedata.category(character) in ("Cc", "Cf", "Co", "Mn", "Me", "Zl", "Zp"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def is_box(character):
    """Box lines and blocks, which must fill the cell."""
    return "\u2500" <= character <= "\u259f"


class Source:
    """A font to take outlines from."""

    def __init__(self, path):
        self.font = TTFont(path, recalcTimestamp=False)
        self.cmap = self.font.getBestCmap()
        self.glyphs = self.font.getGlyphSet()
        self.cell = self.advance("M")
        self.capital = self.font["glyf"][self.cmap[ord("M")]].yMax

    def advance(self, character):
        return self.font["hmtx"][self.cmap[ord(character)]][0]

    def outline(self, character, transform):
        """The character's outline as a glyph of its own, and its left side bearing."""
        recording = DecomposingRecordingPen(self.glyphs)
        self.glyphs[self.cmap[ord(character)]].draw(recording)
        pen = TTGlyphPen(None)
        recording.replay(TransformPen(pen, transform))
        glyph = pen.glyph()
        glyph.recalcBounds(None)
        return glyph, getattr(glyph, "xMin", 0)

    def right(self, character):
        """Where the outline ends, but not before the advance does."""
        pen = BoundsPen(self.glyphs)
        self.glyphs[self.cmap[ord(character)]].draw(pen)
        return max(self.advance(character), pen.bounds[2] if pen.bounds else 0)


def placed(character, narrow, wide):
    """How narrow's outline comes into one cell of wide's."""
    across = wide.cell / narrow.cell
    if is_box(character):
        line = narrow.font["hhea"]
        upright = (ASCENT - DESCENT + 2 * OVERHANG) / (line.ascent - line.descent)
        return Transform(across, 0, 0, upright, 0, ASCENT + OVERHANG - line.ascent * upright)
    if unicodedata.category(character)[0] in "LNM":
        # As tall as the letters beside it.
        return Scale(across, wide.capital / narrow.capital)
    # In its own proportions, at the middle of the letters beside it.
    return Offset(0, (wide.capital - narrow.capital * across) / 2).scale(across)


def fits(character, wide):
    """Whether wide already draws the character in one cell."""
    return ord(character) in wide.cmap and wide.advance(character) <= wide.cell and not is_box(character)


def one_cell_glyphs(wide, narrow):
    """Code point to new glyph, for all that the terminal gives one cell and wide does not draw so."""
    made = {}
    for code in sorted(set(wide.cmap) | set(narrow.cmap)):
        character = chr(code)
        if cells(character) != 1 or fits(character, wide):
            continue
        if code in narrow.cmap:
            made[code] = narrow.outline(character, placed(character, narrow, wide))
        else:
            made[code] = wide.outline(character, Scale(wide.cell / wide.right(character), 1))
    return made


def put_in(wide, made):
    """Adds the glyphs to wide's font and points its character maps at them."""
    font = wide.font
    order = list(font.getGlyphOrder())
    for code, (glyph, bearing) in made.items():
        name = f"cell{code:05X}"
        order.append(name)
        font["glyf"].glyphs[name] = glyph
        font["hmtx"].metrics[name] = (wide.cell, bearing)
    font.setGlyphOrder(order)
    font["glyf"].setGlyphOrder(order)
    font["maxp"].numGlyphs = len(order)
    maps = [table for table in font["cmap"].tables if table.isUnicode() and table.format in (4, 12)]
    for table in maps:
        table.cmap.update({code: f"cell{code:05X}" for code in made if code <= 0xFFFF or table.format == 12})
        for code in [code for code in table.cmap if cells(chr(code)) == 0]:
            del table.cmap[code]
    font["cmap"].tables = maps


def set_line(font):
    for table, ascent, descent, gap in (
        ("hhea", "ascent", "descent", "lineGap"),
        ("OS/2", "sTypoAscender", "sTypoDescender", "sTypoLineGap"),
    ):
        setattr(font[table], ascent, ASCENT)
        setattr(font[table], descent, DESCENT)
        setattr(font[table], gap, 0)


def drop_unused(font):
    """Leaves what the terminal reads: outlines, metrics and character maps."""
    options = subset.Options(hinting=False, glyph_names=False, notdef_outline=True, recalc_timestamp=False,
        layout_features=[], name_IDs=["*"])
    options.drop_tables += ["FFTM", "GDEF", "GPOS", "GSUB"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap())
    subsetter.subset(font)


def rename(font, notice, licence):
    table = font["name"]
    table.names = []
    for number, text in {**NAMES, COPYRIGHT: notice, LICENCE: licence}.items():
        table.setName(text, number, 3, 1, 0x409)


def main(wide_path, narrow_path, output, notices_path):
    wide, narrow = Source(wide_path), Source(narrow_path)
    notice = "\n".join(source.font["name"].getDebugName(COPYRIGHT).strip() for source in (wide, narrow))
    with open(notices_path, encoding="utf-8") as file:
        licence = file.read()
    put_in(wide, one_cell_glyphs(wide, narrow))
    set_line(wide.font)
    drop_unused(wide.font)
    rename(wide.font, notice, licence)
    wide.font.save(output)


main(*sys.argv[1:])
