extension SeriesName {
    /// A statistic that is measured for each layer of a network. The raw value is the first part of the series' names.
    public enum LayerStatistic: String, CaseIterable, Sendable {
        /// The share of a ReLU layer's units that are 0 for every probed example.
        case deadUnits = "layer_dead_units"
        /// The share of a LeakyReLU layer's units that are negative for every probed example.
        case negativeUnits = "layer_negative_units"
        /// The share of the output layer's units whose tanh or sigmoid is saturated for every probed example; pixels
        /// that are the same in all real examples do not count.
        case saturated = "layer_saturated"
        /// The size of the last weight update relative to the weights: ‖Δw‖ / ‖w‖.
        case updateRatio = "layer_update_ratio"
        /// The Euclidean norm of the gradient of a layer's weights in the last update.
        case gradientNorm = "layer_gradient_norm"
        /// How much a layer's weight matrix amplifies noise: the root mean square of the lengths of its rows.
        case gain = "layer_gain"
        /// The largest singular value of a layer's weight matrix, by power iteration.
        case spectralNorm = "layer_spectral_norm"
    }

    /// The series of one layer's statistic, such as `layer_dead_units/generator.main.1`.
    ///
    /// - Parameter layer: the player and the layer's name as in the checkpoint file, joined by a dot.
    public static func layer(_ statistic: LayerStatistic, _ layer: String) -> SeriesName {
        SeriesName("\(statistic.rawValue)/\(layer)")
    }

    /// The statistic and the layer of a per-layer series; `nil` for any other series.
    public var ofLayer: (statistic: LayerStatistic, layer: String)? {
        guard rawValue.hasPrefix("layer_"), let slash = rawValue.firstIndex(of: "/"),
            let statistic = LayerStatistic(rawValue: String(rawValue[..<slash]))
        else { return nil }
        return (statistic, String(rawValue[rawValue.index(after: slash)...]))
    }
}
