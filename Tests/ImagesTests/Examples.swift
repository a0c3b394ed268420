import Foundation
import Images

/// A small generator of repeatable random numbers: SplitMix64 (Steele, Lea and Flood, 2014).
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// A standard normal number, by Box and Muller.
    mutating func normal() -> Double {
        let radius = (-2 * log(Double.random(in: 1e-12..<1, using: &self))).squareRoot()
        return radius * cos(2 * Double.pi * Double.random(in: 0..<1, using: &self))
    }
}

/// Images that tests check and people look at.
enum Examples {
    /// Three losses of a training that settles, with one spike.
    static var losses: LineChart {
        var random = SplitMix64(state: 1)
        func series(_ name: String, _ level: (Double) -> Double, noise: Double) -> LineChart.Series {
            LineChart.Series(
                name: name,
                points: (0..<9380).map { step in
                    let share = Double(step) / 9380
                    let spike = step == 6000 && name == "loss_generator" ? 4.5 : 0
                    let value = level(share) * exp(noise * random.normal()) + spike
                    return LineChart.Point(step: step, value: value)
                })
        }
        return LineChart(
            title: "DCGAN on Fashion-MNIST, 20 epochs",
            series: [
                series("loss_generator", { 0.9 + 1.3 * (1 - exp(-$0 * 9)) + 0.35 * sin($0 * 14) }, noise: 0.17),
                series("loss_discriminator_real", { 0.33 + 0.4 * exp(-$0 * 25) }, noise: 0.2),
                series("loss_discriminator_fake", { 0.24 + 0.5 * exp(-$0 * 12) + 0.05 * sin($0 * 9) }, noise: 0.22),
            ])
    }

    /// A training that diverges: NaN in one loss, infinity in another, extremes before.
    static var divergence: LineChart {
        var chart = losses
        chart.title = "A training that diverges"
        for index in 7000..<9380 where index % 150 < 40 { chart.series[0].points[index].value = .nan }
        for index in 8000..<8003 { chart.series[1].points[index].value = .infinity }
        for index in 6990..<7000 { chart.series[0].points[index].value = 4e8 }
        return chart
    }

    static var short: LineChart {
        LineChart(
            title: "NDB by epoch",
            series: [
                LineChart.Series(
                    name: "ndb",
                    points: [0.61, 0.42, 0.37, 0.33, 0.34, 0.29, 0.27].enumerated().map {
                        LineChart.Point(step: $0.offset + 1, value: $0.element)
                    })
            ], horizontalLabel: "epoch", width: 640, height: 360)
    }

    static var font: LineChart {
        let all = String(decoding: [UInt8](32...126), as: UTF8.self)
        return LineChart(
            title: "The quick brown fox, JUMPS! 0123456789",
            series: [
                LineChart.Series(name: String(all.prefix(48)), points: []),
                LineChart.Series(name: String(all.dropFirst(48)), points: []),
            ])
    }

    /// Eight Gaussians on a ring, of which the generator has found six.
    static var ring: ScatterPlot {
        var random = SplitMix64(state: 2)
        let centers = (0..<8).map { mode in
            let angle = Double(mode) / 8 * 2 * Double.pi
            return SIMD2(Float(2 * cos(angle)), Float(2 * sin(angle)))
        }
        func cloud(_ count: Int, modes: Int, spread: Double) -> [SIMD2<Float>] {
            (0..<count).map { index in
                let noise = SIMD2(Float(spread * random.normal()), Float(spread * random.normal()))
                return centers[index % modes] + noise
            }
        }
        var generated = cloud(2000, modes: 6, spread: 0.05)
        for index in 0..<100 {
            let share = Float(index) / 100
            generated.append(centers[0] * share + centers[1] * (1 - share))
        }
        return ScatterPlot(
            real: cloud(4000, modes: 8, spread: 0.02 * 5), generated: generated, centers: centers)
    }

    /// Sixty-four gray images of 28 pixels.
    static var discs: [PixelImage] {
        get throws {
            try (0..<64).map { index in
                let radius = 4 + Double(index % 8)
                let pixels: [UInt8] = (0..<784).map { position in
                    let dx = Double(position % 28) - 13.5
                    let dy = Double(position / 28) - 13.5
                    let inside = radius + Double(index / 8) / 2 - (dx * dx + dy * dy).squareRoot()
                    return UInt8(min(max(inside * 90, 0), 255))
                }
                return try PixelImage(width: 28, height: 28, channels: 1, pixels: pixels)
            }
        }
    }
}
