/// The shipped classifiers as safetensors files in base64; each in a file of its own, made by `equipoise data classifiers`.
enum ShippedWeights {}
