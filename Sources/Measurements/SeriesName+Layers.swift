extension SeriesName {
    /// What is measured of each layer of a network. The raw value is the first part of the series' names.
    public enum LayerStatistic: String, CaseIterable, Sendable {
        /// The share of a ReLU layer's units that are 0 for every example looked at.
        case deadUnits = "layer_dead_units"
        /// The share of a LeakyReLU layer's units that are negative for every example looked at.
        case negativeUnits = "layer_negative_units"
        /// The share of a last layer's units whose tanh or sigmoid has no slope for any example looked at; pixels that are the same in all real
        /// examples do not count.
        case saturated = "layer_saturated"
        /// How far the last step moved a layer's weights, in proportion to their size: ‖Δw‖ / ‖w‖.
        case updateRatio = "layer_update_ratio"
        /// The Euclidean norm of the gradient of a layer's weights in the last update.
        case gradientNorm = "layer_gradient_norm"
        /// How much the matrix that a layer applies amplifies noise: the root mean square of its rows' lengths.
        case gain = "layer_gain"
        /// The largest singular value of the matrix that a layer applies, by power iteration.
        case spectralNorm = "layer_spectral_norm"
    }

    /// The series of a statistic of one layer, such as `layer_dead_units/generator.main.1`.
    ///
    /// - Parameter layer: the player and the layer's name as in the checkpoint's file, with a dot between them.
    public static func layer(_ statistic: LayerStatistic, _ layer: String) -> SeriesName {
        SeriesName("\(statistic.rawValue)/\(layer)")
    }

    /// What a series of a layer measures, and of which layer; `nil` for every other series.
    public var ofLayer: (statistic: LayerStatistic, layer: String)? {
        guard rawValue.hasPrefix("layer_"), let slash = rawValue.firstIndex(of: "/"),
            let statistic = LayerStatistic(rawValue: String(rawValue[..<slash]))
        else { return nil }
        return (statistic, String(rawValue[rawValue.index(after: slash)...]))
    }
}
