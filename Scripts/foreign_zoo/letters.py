"""Letters A to J in the fonts of Debian's packages, slightly turned, scaled, slanted and moved, as `[count, 1, 32, 32]`."""

import math
import pathlib

import numpy
import torch
from PIL import Image, ImageDraw, ImageFont
from torch.nn import functional

PACKAGES = (
    "fonts-adf-accanthis fonts-adf-berenis fonts-adf-gillius fonts-adf-romande fonts-adf-universalis fonts-cabin "
    "fonts-cantarell fonts-comfortaa fonts-comic-neue fonts-croscore fonts-crosextra-caladea fonts-crosextra-carlito "
    "fonts-dejavu-core fonts-dosis fonts-ebgaramond fonts-freefont-ttf fonts-inconsolata fonts-junction fonts-lato "
    "fonts-liberation fonts-linuxlibertine fonts-manrope fonts-mononoki fonts-open-sans fonts-play fonts-quicksand "
    "fonts-roboto-slab fonts-roboto-unhinted fonts-sil-gentium fonts-urw-base35 fonts-vollkorn fonts-yanone-kaffeesatz")
FOLDERS = (
    "truetype/adf truetype/comfortaa truetype/croscore truetype/crosextra truetype/dejavu truetype/freefont "
    "truetype/gentium truetype/inconsolata truetype/lato truetype/liberation truetype/manrope truetype/mononoki "
    "truetype/open-sans truetype/play truetype/quicksand truetype/roboto truetype/vollkorn opentype/cabin "
    "opentype/cantarell opentype/comic-neue opentype/dosis opentype/ebgaramond opentype/junction "
    "opentype/linux-libertine opentype/roboto opentype/urw-base35 opentype/yanone-kaffeesatz")
ROOT = pathlib.Path("/usr/share/fonts")
NOT_LETTERS = ("ornament", "symbol", "d050000l", "initial", "keyboard", "math", "bullet", "outline", "shadow",
               "biolinum_k", "hairline", "thin")
LETTERS = "ABCDEFGHIJ"
LARGE, SIDE = 64, 32
FEWEST_FONTS = 200
TRAINING, HELD_OUT = 24000, 4000
SEED = 3232


def fonts():
    """The font files, in the order of their names."""
    paths = [path for folder in FOLDERS.split() for kind in ("*.ttf", "*.otf") for path in (ROOT / folder).rglob(kind)]
    paths = sorted((path for path in paths if not any(word in path.name.lower() for word in NOT_LETTERS)),
                   key=lambda path: path.name)
    if len(paths) < FEWEST_FONTS:
        raise FileNotFoundError(f"{len(paths)} fonts in {ROOT}, expected at least {FEWEST_FONTS}; "
                                f"apt-get install {PACKAGES}")
    return paths


def drawn(path):
    """The ten letters of a font, each centered: uint8 `[10, 64, 64]`."""
    font = ImageFont.truetype(str(path), 48)
    height = font.getbbox("H")[3] - font.getbbox("H")[1]
    font = ImageFont.truetype(str(path), max(8, round(48 * 46 / max(1, height))))
    images = []
    for letter in LETTERS:
        canvas = Image.new("L", (LARGE, LARGE))
        left, top, right, bottom = font.getbbox(letter)
        position = ((LARGE - left - right) / 2, (LARGE - top - bottom) / 2)
        ImageDraw.Draw(canvas).text(position, letter, font=font, fill=255)
        images.append(numpy.asarray(canvas))
    return numpy.stack(images)


def varied(images, random):
    """Images turned by up to 7°, scaled by 15 %, slanted and moved by up to two pixels, at half of the size."""
    turn, scale, slant, right, down = (torch.rand(5, len(images), generator=random) * 2 - 1).unbind()
    angle, scale, slant = turn * math.radians(7), 1 / (0.95 + 0.15 * scale), 0.12 * slant
    matrices = torch.stack([
        torch.stack([scale * angle.cos(), scale * (slant - angle.sin()), right * 2 / SIDE], 1),
        torch.stack([scale * angle.sin(), scale * angle.cos(), down * 2 / SIDE], 1)], 1)
    grid = functional.affine_grid(matrices, images.shape, align_corners=False)
    return functional.avg_pool2d(functional.grid_sample(images, grid, align_corners=False), 2)


def make():
    """Images as uint8 `[28000, 1, 32, 32]` and their classes, A being 0."""
    glyphs = torch.tensor(numpy.stack([drawn(path) for path in fonts()]))
    random = torch.Generator().manual_seed(SEED)
    count = TRAINING + HELD_OUT
    labels = torch.randint(len(LETTERS), (count,), generator=random)
    chosen = glyphs[torch.randint(len(glyphs), (count,), generator=random), labels]
    parts = [varied(part[:, None].float(), random).round().to(torch.uint8) for part in chosen.split(1000)]
    return torch.cat(parts), labels
