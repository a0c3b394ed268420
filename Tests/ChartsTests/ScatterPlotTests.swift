import Charts
import Images
import Testing

struct ScatterPlotTests {
    @Test func theSamePlotGivesTheSamePixels() throws {
        let plot = ChartExamples.ring
        let image = try plot.render()
        #expect(image.width == 512 && image.height == 512 && image.channels == 3)
        #expect(try plot.render() == image)
        #expect(plot.shareOutside == 0)
    }

    /// Upwards is up, rightwards right: one generated point in each case beside the real square.
    @Test(arguments: [(SIMD2<Float>(0.9, 0.9), true, true), (SIMD2<Float>(-0.9, -0.9), false, false)])
    func pointsLieWhereTheyShould(point: SIMD2<Float>, isRight: Bool, isUp: Bool) throws {
        let corners: [SIMD2<Float>] = [[-1, -1], [1, 1]]
        let with = try ScatterPlot(real: corners, generated: [point]).render()
        let without = try ScatterPlot(real: corners, generated: []).render()
        let changed = (0..<512 * 512).filter { with.color($0 % 512, $0 / 512) != without.color($0 % 512, $0 / 512) }
        #expect((5...60).contains(changed.count))
        for index in changed {
            #expect((index % 512 > 256) == isRight)
            #expect((index / 512 < 240) == isUp)
        }
    }

    @Test func pointsOutsideAreCountedNotDrawn() throws {
        let corners: [SIMD2<Float>] = [[-1, -1], [1, 1]]
        let plot = ScatterPlot(
            real: corners, generated: [[0, 0], [50, 0], [0, .nan], [.infinity, -.infinity]])
        #expect(plot.shareOutside == 0.75)
        #expect(try plot.render() == ScatterPlot(real: corners, generated: [[0, 0]]).render())
    }

    @Test(
        arguments: [
            [], [[0, 0]], [[.nan, 1]], [[3e38, -3e38], [-3e38, 3e38]], [[1, 1], [1, 1 + .ulpOfOne]],
            [[1e-45, 0], [0, 0]],
        ] as [[SIMD2<Float>]])
    func plotsOfAlmostNothingAreDrawn(points: [SIMD2<Float>]) throws {
        let plot = ScatterPlot(real: points, generated: points, centers: points, size: 128)
        #expect(try plot.render().width == 128)
    }

    @Test(arguments: [0, 127, 4097, Int.min])
    func sizesOutOfRangeAreRefused(size: Int) {
        #expect(throws: ImageError.self) { try ScatterPlot(real: [], generated: [], size: size).render() }
    }
}
