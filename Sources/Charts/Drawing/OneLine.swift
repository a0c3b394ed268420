import Foundation

/// Text that can be drawn on one line.
enum OneLine {
    /// Replaces line breaks and control characters by spaces, composes letters with their accents, and removes scalars
    /// that have no shape of their own, such as joiners and variation selectors.
    static func text(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.precomposedStringWithCanonicalMapping.unicodeScalars {
            if scalar.properties.generalCategory == .control || scalar.properties.isWhitespace {
                result.append(" ")
            } else if scalar.properties.isNoncharacterCodePoint {
                // Cairo rejects text with such scalars, and XML cannot contain all of them.
                result.append("\u{FFFD}")
            } else if !scalar.properties.isDefaultIgnorableCodePoint {
                result.append(scalar)
            }
        }
        return String(result)
    }
}
