import Images

extension PixelImage {
    func color(_ x: Int, _ y: Int) -> RGBColor {
        let index = (y * width + x) * 3
        return RGBColor(red: pixels[index], green: pixels[index + 1], blue: pixels[index + 2])
    }

    func positions(of color: RGBColor) -> [(x: Int, y: Int)] {
        (0..<width * height).compactMap { index in
            self.color(index % width, index / width) == color ? (index % width, index / width) : nil
        }
    }
}
