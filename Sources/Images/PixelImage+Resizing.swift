extension PixelImage {
    /// The largest side that ``resizedAndCropped(toSize:)`` makes.
    public static let maximumResizedSide = 16_384

    /// A square of `size` x `size` pixels: the picture scaled until its shorter side is `size`, then cropped at its
    /// centre.
    ///
    /// The longer side is `size * longer / shorter`, rounded down, and the crop's offset is half of the surplus,
    /// rounded to even: what torchvision's `Resize` and `CenterCrop` do. Scaling is Pillow's antialiased `BILINEAR`: a
    /// triangle filter, stretched over the source pixels that one output pixel covers when shrinking; weights are
    /// rounded to 22 bits and the horizontal pass to 8, so that the values are equal to Pillow's. Only pixels inside
    /// the crop are computed, so that a picture of extreme proportions costs no more than another.
    ///
    /// - Throws: ``ImageError/invalidGeometry(_:)`` when `size` is not in 1 to ``maximumResizedSide``.
    public func resizedAndCropped(toSize size: Int) throws -> PixelImage {
        guard (1...Self.maximumResizedSide).contains(size) else {
            throw ImageError.invalidGeometry(
                "A picture cannot be resized to \(size) pixels; use 1 to \(Self.maximumResizedSide).")
        }
        if width == size && height == size { return self }
        let columns = TriangleFilter(sourceLength: width, shorterLength: min(width, height), size: size)
        let rows = TriangleFilter(sourceLength: height, shorterLength: min(width, height), size: size)

        let sourceRows = rows.sourceRange
        var narrowed: [UInt8] = []
        narrowed.reserveCapacity(sourceRows.count * size * channels)
        for row in sourceRows {
            for tap in columns.taps {
                let start = (row * width + tap.first) * channels
                for channel in 0..<channels {
                    narrowed.append(tap.sum(of: pixels, start: start + channel, stride: channels))
                }
            }
        }

        let rowLength = size * channels
        var result: [UInt8] = []
        result.reserveCapacity(size * rowLength)
        for tap in rows.taps {
            let start = (tap.first - sourceRows.lowerBound) * rowLength
            for column in 0..<rowLength {
                result.append(tap.sum(of: narrowed, start: start + column, stride: rowLength))
            }
        }
        return PixelImage(uncheckedWidth: size, height: size, channels: channels, pixels: result)
    }
}

/// The weights of a triangle filter along one axis, for the output pixels inside a centre crop.
private struct TriangleFilter {
    /// One output pixel's source pixels and their weights.
    struct Tap {
        static let fractionBits = 22
        /// The first source pixel.
        let first: Int
        /// Weights as multiples of 2^-22.
        let weights: [Int]

        /// The weighted mean of the source values at `start`, `start + stride`, …
        @inline(__always)
        func sum(of values: [UInt8], start: Int, stride: Int) -> UInt8 {
            var total = 1 << (Self.fractionBits - 1)
            var index = start
            for weight in weights {
                total += Int(values[index]) * weight
                index += stride
            }
            return UInt8(clamping: total >> Self.fractionBits)
        }
    }

    let taps: [Tap]

    /// The source pixels that any output pixel looks at.
    var sourceRange: Range<Int> {
        let lower = taps.map(\.first).min() ?? 0
        let upper = taps.map { $0.first + $0.weights.count }.max() ?? 0
        return lower..<upper
    }

    init(sourceLength: Int, shorterLength: Int, size: Int) {
        // The quotient first: a hostile length times the size could overflow.
        let (quotient, remainder) = sourceLength.quotientAndRemainder(dividingBy: shorterLength)
        let scaledLength = quotient * size + remainder * size / shorterLength
        let offset = Int((Double(scaledLength - size) / 2).rounded(.toNearestOrEven))
        let scale = Double(sourceLength) / Double(scaledLength)
        let support = max(scale, 1)

        taps = (offset..<offset + size).map { position in
            let centre = (Double(position) + 0.5) * scale
            let first = max(Int(centre - support + 0.5), 0)
            let end = min(Int(centre + support + 0.5), sourceLength)
            var weights = (first..<end).map { source in
                max(0, 1 - abs((Double(source) - centre + 0.5) / support))
            }
            let total = weights.reduce(0, +)
            if total > 0 { weights = weights.map { $0 / total } }
            return Tap(first: first, weights: weights.map { Int(0.5 + $0 * Double(1 << Tap.fractionBits)) })
        }
    }
}
