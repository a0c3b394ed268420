extension ShippedWeights { static let fashionMnist = "" }
