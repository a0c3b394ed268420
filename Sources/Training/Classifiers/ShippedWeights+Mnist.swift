extension ShippedWeights { static let mnist = "" }
