#!/usr/bin/env python3
"""Makes the fonts of the charts: two weights of Inter, reduced to the characters that charts need.

    python3 -m venv .venv && .venv/bin/pip install fonttools==4.68.0
    .venv/bin/python Scripts/make_chart_font.py /usr/share/fonts/opentype/inter Sources/Charts/Font

Debian's package fonts-inter contains the originals. The results are renamed, because they are modified and "Inter" is a
trademark. Digits are tabular, so that columns of numbers line up.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Equipoise Charts"
WEIGHTS = {"Regular": "Regular", "SemiBold": "Semibold"}
RANGES = [
    (0x20, 0x7E),  # Basic Latin
    (0xA0, 0x17F),  # Latin-1 and Latin Extended-A
    (0x370, 0x3FF),  # Greek
    (0x400, 0x45F),  # Cyrillic
    (0x490, 0x491),
]
SYMBOLS = "–—‘’‚“”„†‡•…‰‹›€™′″←↑→↓↔−√∞≈≠≤≥∂∆∏∑∫⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉"


def substitutions(font, feature):
    """The glyphs that a feature of single substitutions replaces."""
    table = font["GSUB"].table
    result = {}
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == feature:
            for index in record.Feature.LookupListIndex:
                for part in table.LookupList.Lookup[index].SubTable:
                    result.update(getattr(part, "ExtSubTable", part).mapping)
    return result


def use_tabular_digits(font):
    tabular = substitutions(font, "tnum")
    digits = {code: tabular[font.getBestCmap()[code]] for code in range(ord("0"), ord("9") + 1)}
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.update(digits)


def use_plain_box(font):
    """Missing characters are drawn as Inter's white square instead of its striped box."""
    square = font.getBestCmap()[ord("□")]
    outlines = font["CFF "].cff.topDictIndex[0].CharStrings
    outlines[".notdef"] = outlines[square]
    font["hmtx"][".notdef"] = font["hmtx"][square]


def rename(font, style):
    compact = FAMILY.replace(" ", "")
    names = {1: FAMILY, 2: style, 3: f"{compact}-{style}", 4: f"{FAMILY} {style}", 6: f"{compact}-{style}"}
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]
    top = font["CFF "].cff
    top.fontNames = [f"{compact}-{style}"]
    top.topDictIndex[0].FullName = f"{FAMILY} {style}"
    top.topDictIndex[0].FamilyName = FAMILY


def main(source, target):
    characters = [code for first, last in RANGES for code in range(first, last + 1)] + [ord(one) for one in SYMBOLS]
    for weight, style in WEIGHTS.items():
        font = TTFont(source / f"Inter-{weight}.otf", recalcTimestamp=False)
        use_tabular_digits(font)
        use_plain_box(font)
        options = subset.Options()
        options.layout_features = []
        options.notdef_outline = True
        options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
        options.drop_tables += ["GDEF", "GPOS", "GSUB"]
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=characters)
        subsetter.subset(font)
        rename(font, style)
        path = target / f"{style}.otf"
        font.save(path)
        print(f"{path}: {len(font.getGlyphOrder())} glyphs, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
