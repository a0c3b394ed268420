import Foundation
import Measurements

/// One layer's statistic at each probe of the networks, as windows of one value.
struct LayerSignal {
    /// The player and the layer's name, such as `generator.main.1`.
    let layer: String
    let statistic: SeriesName.LayerStatistic
    /// The probes that found a finite value.
    let looks: [Window]

    /// Consecutive probes up to the newest.
    struct Streak {
        let signal: LayerSignal
        let looks: ArraySlice<Window>

        var firstStep: Int { looks.first?.firstStep ?? 0 }

        /// The median of the probes.
        var typical: Double {
            let values = looks.map(\.mean).sorted()
            return values.isEmpty ? .nan : values[values.count / 2]
        }

        /// The median, with the threshold that it crosses.
        func evidence(threshold: Double) -> Evidence {
            Evidence(
                signal: SeriesName.layer(signal.statistic, signal.layer).rawValue, value: typical, threshold: threshold,
                fromStep: firstStep, toStep: looks.last?.lastStep ?? firstStep)
        }
    }

    /// The consecutive probes up to the newest in which a condition holds; `nil` if there are fewer than `count`.
    func streak(lasting count: Int, where holds: (Window) -> Bool) -> Streak? {
        let start = looks.lastIndex { !holds($0) }.map { $0 + 1 } ?? 0
        guard looks.count - start >= count else { return nil }
        return Streak(signal: self, looks: looks[start...])
    }

    var player: Substring { layer.prefix { $0 != "." } }
}

extension History {
    /// The layers with a known statistic, sorted by name, with numbers in numeric order.
    func layers(_ statistic: SeriesName.LayerStatistic) -> [LayerSignal] {
        let found = seriesNames.compactMap { name -> LayerSignal? in
            guard let own = name.ofLayer, own.statistic == statistic else { return nil }
            return LayerSignal(
                layer: own.layer, statistic: statistic, looks: windows(name).filter { $0.mean.isFinite })
        }
        return found.sorted { $0.layer.compare($1.layer, options: .numeric) == .orderedAscending }
    }
}

extension [LayerSignal] {
    /// The layers' values at a step, or their latest ones before it.
    private func values(at step: Int) -> [Double] {
        compactMap { signal in signal.looks.last { $0.firstStep <= step }?.mean }
    }

    /// The median of the layers' values at a step; 0 without any.
    func median(at step: Int) -> Double {
        let values = values(at: step).sorted()
        return values.isEmpty ? 0 : values[values.count / 2]
    }

    /// The largest of the layers' values at a step; 0 without any.
    func largest(at step: Int) -> Double { values(at: step).max() ?? 0 }
}
