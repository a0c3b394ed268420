/// The words of a column's name in lowercase: `lossG`, `loss_g`, `Loss/G` and `gloss` all have the words *loss* and
/// *g*.
struct NameParts {
    let words: [String]
    /// The name as it appears in the log.
    let text: String
    private let all: Set<String>

    init(_ name: String) {
        text = name
        words = NameParts.split(name).flatMap(NameParts.segmented).map(NameParts.corrected)
        all = Set(words)
    }

    /// Whether the name has the form `D(…)` of the discriminator's answer to something.
    var isAnswerInWriting: Bool { text.hasPrefix("D(") || text.hasPrefix("D (") }

    func has(_ word: String) -> Bool { all.contains(word) }
    func has(anyOf words: Set<String>) -> Bool { !all.isDisjoint(with: words) }
    func isSubset(of words: Set<String>) -> Bool { all.isSubset(of: words) }

    /// Splits a name at punctuation, between a lowercase and an uppercase letter, and between a letter and a digit,
    /// except in names such as `L1` and `A2B`.
    private static func split(_ name: String) -> [String] {
        var words: [String] = []
        var word: [Character] = []
        func end() {
            if !word.isEmpty { words.append(String(word).lowercased()) }
            word = []
        }
        let characters = Array(name)
        let hasLetteredPlayer = name.lowercased().contains("loss")
        for (place, character) in characters.enumerated() {
            guard character.isLetter || character.isNumber else {
                end()
                continue
            }
            let next = place + 1 < characters.count ? characters[place + 1] : " "
            if let last = word.last {
                // `lossG` and `GLoss`, but not `FID` or `KLD`.
                if hasLetteredPlayer, isLetteredPlayer(characters, place) {
                    end()
                } else if last.isIdeographic != character.isIdeographic, last.isLetter, character.isLetter {
                    // `D损失`, but not `pérdida`
                    end()
                } else if character.isUppercase, last.isLowercase || (last.isUppercase && next.isLowercase) {
                    end()
                } else if character.isNumber, last.isLetter, !isNumbered(word, character, next) {
                    end()
                } else if character.isLetter, last.isNumber, !isDirection(word, character) {
                    end()
                }
            }
            word.append(character)
        }
        end()
        return words
    }

    /// Whether the name has a word of two capital letters, one for a player and one for its part, as in `Loss_DA`.
    var isLettered: Bool {
        text.split { !$0.isLetter }.contains { ["DA", "DB", "GA", "GB"].contains($0) }
    }

    /// Whether a character is the `A` of `Loss_DA`: the second of two capital letters that form a word, after a
    /// player's.
    private static func isLetteredPlayer(_ name: [Character], _ place: Int) -> Bool {
        func isLetter(_ place: Int) -> Bool { name.indices.contains(place) && name[place].isLetter }
        return ["D", "G"].contains(name[place - 1]) && ["A", "B"].contains(name[place]) && !isLetter(place + 1)
            && !isLetter(place - 2)
    }

    /// Whether a letter and a digit are one name, such as `l1` or `r1`, rather than a numbered player.
    private static func isNumbered(_ word: [Character], _ digit: Character, _ next: Character) -> Bool {
        let head = String(word).lowercased()
        return ["l", "r"].contains(head) || (digit == "2" && head.count == 1 && next.isLetter)
    }

    /// Whether a letter completes a direction, such as `a2b` after `a2`.
    private static func isDirection(_ word: [Character], _ letter: Character) -> Bool {
        word.count == 2 && word[0].isLetter && word[1] == "2"
    }

    // MARK: - Misspelled words

    /// Corrects a word that differs from a known long one by one or two letters, such as `dicriminator`.
    private static func corrected(_ word: String) -> String {
        guard (8...16).contains(word.count), word.utf8.first.map({ "dg".utf8.contains($0) }) == true else {
            return word
        }
        for (right, most) in [("discriminator", 2), ("generator", 1)] where distance(word, right) <= most {
            return right
        }
        return word
    }

    /// The number of letters to insert, delete or replace (Levenshtein 1966).
    private static func distance(_ first: String, _ second: String) -> Int {
        let (first, second) = (Array(first.utf8), Array(second.utf8))
        var row = Array(0...second.count)
        for (place, letter) in first.enumerated() {
            var diagonal = row[0]
            row[0] = place + 1
            for index in second.indices {
                let change = diagonal + (letter == second[index] ? 0 : 1)
                diagonal = row[index + 1]
                row[index + 1] = min(change, row[index] + 1, row[index + 1] + 1)
            }
        }
        return row[second.count]
    }

    // MARK: - Words without a gap

    /// Words that are written together without a separator, as in `dloss` or `netd`.
    private static let joined: Set<String> = [
        "loss", "losses", "err", "error", "real", "fake", "net", "train", "val", "gen", "generator", "dis", "disc",
        "discriminator", "critic", "total", "adv", "acc", "grad", "norm", "gan", "score", "mean", "lr", "cost", "model",
        "penalty", "epoch", "step", "global", "images",
        "判别器", "识别器", "識別器", "判別器", "生成器", "损失", "損失", "の", "的",
        "鉴别器", "鑑別器", "鑒別器", "值", "ロス", "생성자", "생성기", "판별자", "판별기", "손실",
    ]
    private static let players: Set<String> = ["g", "d"]
    /// Words that would be split otherwise.
    private static let whole: Set<String> = [
        "dis", "disc", "gen", "gan", "grad", "reg", "gp", "adv", "dgz", "geneval", "generated", "general", "gradient",
        "generation", "gloss", "dloss",
    ]

    private static func segmented(_ word: String) -> [String] {
        switch word {
        case "gloss": return ["g", "loss"]
        case "dloss": return ["d", "loss"]
        case "dgz": return ["d", "g", "z"]
        case "dx": return ["d", "x"]
        default: break
        }
        guard word.count > 2, word.count < 28, !joined.contains(word), !whole.contains(word) else { return [word] }
        return parts(Substring(word), left: 4) ?? [word]
    }

    /// Splits a word into known ones, at most one of which is a player's letter.
    private static func parts(_ rest: Substring, left: Int, hasPlayer: Bool = false) -> [String]? {
        if rest.isEmpty { return [] }
        guard left > 0 else { return nil }
        for length in stride(from: rest.count, through: 1, by: -1) {
            let head = String(rest.prefix(length))
            let isPlayer = players.contains(head)
            guard joined.contains(head) || (isPlayer && !hasPlayer) else { continue }
            if let tail = parts(rest.dropFirst(length), left: left - 1, hasPlayer: hasPlayer || isPlayer) {
                return [head] + tail
            }
        }
        return nil
    }
}

extension Character {
    /// Whether the character belongs to a script without blanks between words, such as Chinese or Japanese.
    fileprivate var isIdeographic: Bool { unicodeScalars.first.map { (0x2E80...0xFFDC).contains($0.value) } ?? false }
}
