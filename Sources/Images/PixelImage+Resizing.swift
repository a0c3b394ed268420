extension PixelImage {
    /// The largest side that ``resizedAndCropped(toSize:)`` produces.
    public static let maximumResizedSide = 16_384

    /// Returns a square of `size` x `size` pixels: the image is scaled until its shorter side is `size`, then
    /// center-cropped.
    ///
    /// The longer side is `size * longer / shorter`, rounded down, and the crop offset is half of the surplus, rounded
    /// to even, as in torchvision's `Resize` and `CenterCrop`. Scaling matches Pillow's antialiased `BILINEAR` bit for
    /// bit: a triangle filter, stretched when shrinking over the source pixels that one output pixel covers, with
    /// weights rounded to 22 bits and the result of the horizontal pass rounded to 8 bits. Only pixels inside the crop
    /// are computed, so an image of extreme proportions costs no more than any other.
    ///
    /// - Throws: ``ImageError/invalidGeometry(_:)`` when `size` is not in 1 to ``maximumResizedSide``.
    public func resizedAndCropped(toSize size: Int) throws -> PixelImage {
        guard (1...Self.maximumResizedSide).contains(size) else {
            throw ImageError.invalidGeometry(
                "An image cannot be resized to \(size) pixels; use 1 to \(Self.maximumResizedSide).")
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

/// The weights of a triangle filter along one axis, for the output pixels inside a center crop.
private struct TriangleFilter {
    /// The source pixels and weights of one output pixel.
    struct Tap {
        static let fractionBits = 22
        /// The first source pixel.
        let first: Int
        /// The weights as multiples of 2^-22.
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

    /// The source pixels that contribute to any output pixel.
    var sourceRange: Range<Int> {
        let lower = taps.map(\.first).min() ?? 0
        let upper = taps.map { $0.first + $0.weights.count }.max() ?? 0
        return lower..<upper
    }

    init(sourceLength: Int, shorterLength: Int, size: Int) {
        // Divide first: an untrusted length times the size could overflow.
        let (quotient, remainder) = sourceLength.quotientAndRemainder(dividingBy: shorterLength)
        let scaledLength = quotient * size + remainder * size / shorterLength
        let offset = Int((Double(scaledLength - size) / 2).rounded(.toNearestOrEven))
        let scale = Double(sourceLength) / Double(scaledLength)
        let support = max(scale, 1)

        taps = (offset..<offset + size).map { position in
            let center = (Double(position) + 0.5) * scale
            let first = max(Int(center - support + 0.5), 0)
            let end = min(Int(center + support + 0.5), sourceLength)
            var weights = (first..<end).map { source in
                max(0, 1 - abs((Double(source) - center + 0.5) / support))
            }
            let total = weights.reduce(0, +)
            if total > 0 { weights = weights.map { $0 / total } }
            return Tap(first: first, weights: weights.map { Int(0.5 + $0 * Double(1 << Tap.fractionBits)) })
        }
    }
}
