import Charts
import Foundation

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

/// Charts that tests check and people look at.
enum ChartExamples {
    static let all: [(String, any Chart)] = [
        ("losses", losses), ("divergence", divergence), ("short", short), ("font", font), ("small", small),
        ("figure", figure), ("many", many), ("dense", dense), ("ring", ring),
    ]

    /// One chart of each kind.
    static let varied: [any Chart] = [divergence, short, font, many, ring]

    /// Three losses of a training that settles, with one spike.
    static let losses: LineChart = {
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
    }()

    /// A training that diverges: NaN in one loss, infinity in another, extremes before.
    static let divergence: LineChart = {
        var chart = losses
        chart.title = "A training that diverges"
        for index in 7000..<9380 where index % 150 < 40 { chart.series[0].points[index].value = .nan }
        for index in 8000..<8003 { chart.series[1].points[index].value = .infinity }
        for index in 6990..<7000 { chart.series[0].points[index].value = 4e8 }
        return chart
    }()

    static let short: LineChart = {
        LineChart(
            title: "NDB by epoch",
            series: [
                LineChart.Series(
                    name: "ndb",
                    points: [0.61, 0.42, 0.37, 0.33, 0.34, 0.29, 0.27].enumerated().map {
                        LineChart.Point(step: $0.offset + 1, value: $0.element)
                    })
            ], horizontalLabel: "epoch", width: 640, height: 360)
    }()

    static let font: LineChart = {
        let all = String(decoding: [UInt8](32...126), as: UTF8.self)
        return LineChart(
            title: "Δloss – Größe ≤ 3: “Jumps!” 0123456789 × ± − → · ℓ Жив, Łódź, 漢字, \u{1F600}",
            series: [
                LineChart.Series(name: String(all.prefix(48)), points: []),
                LineChart.Series(name: String(all.dropFirst(48)), points: []),
            ])
    }()

    /// Losses in the smallest size.
    static let small: LineChart = {
        var chart = losses
        (chart.width, chart.height) = (320, 200)
        return chart
    }()

    /// The losses as a figure for print.
    static let figure: LineChart = {
        var chart = losses
        (chart.width, chart.height, chart.palette) = (720, 405, .print)
        return chart
    }()

    /// More series than a palette has colors, and a title that is too long.
    static let many: LineChart = {
        var random = SplitMix64(state: 3)
        let series = (0..<12).map { number in
            var value = Double(number) * 0.4 - 2
            return LineChart.Series(
                name: "layer_\(number)/gradient_norm",
                points: (0..<2000).map { step in
                    value += 0.03 * random.normal()
                    return LineChart.Point(step: step * 1000, value: value)
                })
        }
        return LineChart(
            title: "Gradient norms of all layers of the generator, from the first linear layer to the last transposed "
                + "convolution, by step", series: series)
    }()

    /// Three series of 50,000 random values.
    static let dense: LineChart = {
        var random = SplitMix64(state: 4)
        return LineChart(
            title: "Noise",
            series: (0..<3).map { number in
                LineChart.Series(
                    name: "noise_\(number)",
                    points: (0..<50_000).map { .init(step: $0, value: Double(number) + random.normal()) })
            })
    }()

    /// Eight Gaussians on a ring, of which the generator has found six.
    static let ring: ScatterPlot = {
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
    }()
}
