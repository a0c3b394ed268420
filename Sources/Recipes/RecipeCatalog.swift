import Foundation

/// The built-in recipes, and recipes in files.
public enum RecipeCatalog {
    /// The names and texts of the recipes in `Recipes/`.
    public static let recipes: [(name: String, text: String)] = [
        ("article", PackageResources.article_yaml), ("quick", PackageResources.quick_yaml),
        ("ring", PackageResources.ring_yaml), ("grid", PackageResources.grid_yaml),
        ("ring-pacgan", PackageResources.ring_pacgan_yaml), ("grid-pacgan", PackageResources.grid_pacgan_yaml),
        ("fashion", PackageResources.fashion_yaml), ("dcgan", PackageResources.dcgan_yaml),
        ("conditional", PackageResources.conditional_yaml), ("stacked", PackageResources.stacked_yaml),
    ].map { ($0, String(decoding: $1, as: UTF8.self)) }

    /// The recipes in `Recipes/zoo`: sound and failing trainings that the diagnosis is measured on.
    public static let zoo: [(name: String, text: String)] = [
        ("clothes", PackageResources.clothes_yaml),
        ("clothes-latent-1", PackageResources.clothes_latent_1_yaml),
        ("digits", PackageResources.digits_yaml),
        ("digits-beta-0.9", PackageResources.digits_beta_0_9_yaml),
        ("digits-bursting", PackageResources.digits_bursting_yaml),
        ("digits-dcgan", PackageResources.digits_dcgan_yaml),
        ("digits-fast-discriminator", PackageResources.digits_fast_discriminator_yaml),
        ("digits-fast-generator", PackageResources.digits_fast_generator_yaml),
        ("digits-high-rate", PackageResources.digits_high_rate_yaml),
        ("digits-few", PackageResources.digits_few_yaml),
        ("digits-hinge", PackageResources.digits_hinge_yaml),
        ("digits-latent-1", PackageResources.digits_latent_1_yaml),
        ("digits-least-squares", PackageResources.digits_least_squares_yaml),
        ("digits-minimax", PackageResources.digits_minimax_yaml),
        ("digits-overflow", PackageResources.digits_overflow_yaml),
        ("digits-weak-discriminator", PackageResources.digits_weak_discriminator_yaml),
        ("grid-sound", PackageResources.grid_sound_yaml),
        ("grid-weak-discriminator", PackageResources.grid_weak_discriminator_yaml),
        ("ring-sound", PackageResources.ring_sound_yaml),
        ("ring-fast-generator", PackageResources.ring_fast_generator_yaml),
        ("ring-high-beta", PackageResources.ring_high_beta_yaml),
        ("ring-swinging", PackageResources.ring_swinging_yaml),
        ("clothes-without-18", PackageResources.clothes_without_18_yaml),
        ("clothes-without-shoes", PackageResources.clothes_without_shoes_yaml),
        ("digits-conditional", PackageResources.digits_conditional_yaml),
        ("digits-discriminator-stops", PackageResources.digits_discriminator_stops_yaml),
        ("digits-imbalanced", PackageResources.digits_imbalanced_yaml),
        ("digits-rate-rises", PackageResources.digits_rate_rises_yaml),
        ("digits-recovering", PackageResources.digits_recovering_yaml),
        ("digits-without-7", PackageResources.digits_without_7_yaml),
        ("digits-without-49", PackageResources.digits_without_49_yaml),
        ("digits-without-123", PackageResources.digits_without_123_yaml),
        ("grid-without-modes", PackageResources.grid_without_modes_yaml),
        ("ring-without-mode", PackageResources.ring_without_mode_yaml),
    ].map { ($0, String(decoding: $1, as: UTF8.self)) }

    /// The configuration of a recipe of the zoo; of defaults if there is none of that name.
    public static func configuration(zoo name: String) throws -> TrainingConfiguration {
        let text = zoo.first { $0.name == name }?.text ?? ""
        return try TrainingConfiguration(yaml: text, source: "zoo recipe \(name)")
    }

    /// The names of the recipes, separated by commas.
    public static var names: String { recipes.map(\.name).joined(separator: ", ") }

    /// The configuration of a recipe by name, or of a file by path.
    ///
    /// - Throws: ``ConfigurationError``
    public static func configuration(_ name: String) throws -> TrainingConfiguration {
        if let recipe = recipes.first(where: { $0.name == name }) {
            return try TrainingConfiguration(yaml: recipe.text, source: "recipe \(name)")
        }
        let url = URL(fileURLWithPath: name)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            let nearest =
                TrainingConfiguration.nearest(to: name, among: recipes.map(\.name)).map { "did you mean \($0)? The" }
                ?? "the"
            throw ConfigurationError.unknownRecipe(
                "There is no recipe or file called \"\(name)\"; \(nearest) recipes are \(names).")
        }
        let size = (try? FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int) ?? 0
        guard !isFolder.boolValue, size <= TrainingConfiguration.yamlSizeLimit, let data = try? Data(contentsOf: url)
        else {
            throw ConfigurationError.unknownRecipe(
                "\(url.path) cannot be read as a recipe; a recipe is a text file of at most 1 MB.")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw ConfigurationError.unknownRecipe("\(url.path) is not UTF-8 text.")
        }
        return try TrainingConfiguration(yaml: text, source: url.lastPathComponent)
    }
}
