import Diagnostics
import Foundation
import Logs
import Measurements
import Testing

/// What columns are taken for, by their names and by their numbers.
@Suite struct ColumnTests {
    private let folder = LogFolder()

    private func mapping(_ names: [String], rows: [[Double]]? = nil, _ assignments: [String] = []) throws
        -> ColumnMapping
    {
        let usual: [[Double]] = (1...3).map { row in names.indices.map { 0.1 * Double($0 + 2) + 0.013 * Double(row) } }
        var lines = [names.map { "\"\($0)\"" }.joined(separator: ",")]
        for row in rows ?? usual { lines.append(row.map { String($0) }.joined(separator: ",")) }
        return try folder.log(lines.joined(separator: "\n"), name: "log.csv", assignments).mapping
    }

    @Test(arguments: [
        ["Loss_G", "Loss_D"], ["g_loss", "d_loss"], ["G_loss", "D_loss"], ["loss_gen", "loss_dis"],
        ["gen/loss", "dis/loss"],
        ["Loss/G/loss", "Loss/D/loss"], ["Generator_loss", "Discriminator_loss"], ["gen_loss", "disc_loss"],
        ["generator loss", "critic_loss"], ["errG", "errD"], ["G", "D"], ["lossG", "lossD"], ["GLoss", "DLoss"],
        ["train_G", "train_D"], ["gloss", "dloss"], ["loss_g", "loss_d"], ["netG_loss", "netD_loss"],
        ["Err_G", "Err_D"],
        ["loss/g/total", "loss/d/total"], ["G_losses", "D_losses"], ["gen", "disc"],
        ["train/generator_loss", "train/discriminator_loss"],
        ["Gen Loss Total", "Disc Loss Total"], ["l_g_gan", "l_d_total"], ["G_GAN", "D_real+fake"],
        ["loss_GAN", "W_loss"],
        ["generator_train_loss", "discriminator_train_loss"], ["avg_g_loss", "avg_d_loss"],
        ["G loss (mean)", "D loss (mean)"],
    ])
    func thePlayersLosses(_ names: [String]) throws {
        #expect(try mapping(["iteration"] + names).columns == [.lossGenerator: names[0], .lossDiscriminator: names[1]])
    }

    @Test(arguments: [
        [
            "lr_g", "lr_d", "g_grad_norm", "G_L1", "cycle_A", "idt_A", "kl_loss", "mel_loss", "gp", "FID", "time",
            "D_acc", "r1_penalty",
        ]
    ])
    func whatIsNoAdversarialLoss(_ names: [String]) throws {
        let found = try mapping(["G_adv", "D_loss"] + names)
        let expected: [SeriesName: String] = [
            .lossGenerator: "G_adv", .lossDiscriminator: "D_loss", .gradientNormGenerator: "g_grad_norm",
            .accuracyDiscriminator: "D_acc",
        ]
        #expect(found.columns == expected && found.scores == [.frechet: "FID"] && found.hasTargets)
    }

    @Test func anAdversarialLossComesBeforeTheTotal() throws {
        let names = ["loss_G", "loss_D", "loss_G_adv", "loss_G_l1", "val_loss_G"]
        #expect(try mapping(names).columns == [.lossGenerator: "loss_G_adv", .lossDiscriminator: "loss_D"])
    }

    @Test func halvesAndAnswersAreToldApartByTheirSums() throws {
        let names = ["G_loss", "D_loss", "D_real", "D_fake"]
        func rows(_ whole: (Double, Double) -> Double) -> [[Double]] {
            (1...20).map { row in
                let (real, fake) = (0.3 + 0.02 * Double(row), 0.9 - 0.01 * Double(row))
                return [1.2, whole(real, fake), real, fake]
            }
        }
        let halves: [SeriesName: String] = [
            .lossGenerator: "G_loss", .lossDiscriminatorReal: "D_real", .lossDiscriminatorFake: "D_fake",
        ]
        let sum = try mapping(names, rows: rows(+))
        #expect(sum.columns == halves && sum.players[0].isMeanOfHalves == false)
        let mean = try mapping(names, rows: rows { ($0 + $1) / 2 })
        #expect(mean.columns == halves && mean.players[0].isMeanOfHalves == true)
        let other = try mapping(names, rows: rows { $0 * $1 + 0.4 })
        #expect(
            other.columns == [
                .lossGenerator: "G_loss", .lossDiscriminator: "D_loss", .probabilityReal: "D_real",
                .probabilityFake: "D_fake",
            ])
    }

    @Test func namesThatMisleadAreSetRightByTheNumbers() throws {
        let rows = (1...20).map { row -> [Double] in
            let fake = 0.7 + 0.01 * Double(row)
            return [fake, 0.5, fake + 0.5]
        }
        let found = try mapping(["loss_gen", "loss_data", "loss"], rows: rows)
        let expected: [SeriesName: String] = [.lossDiscriminatorReal: "loss_data", .lossDiscriminatorFake: "loss_gen"]
        #expect(found.columns == expected && found.notes.count == 1)
    }

    @Test func assignmentsComeFirst() throws {
        #expect(try mapping(["a", "b"], ["loss_generator=b"]).columns == [.lossGenerator: "b"])
        #expect(
            try mapping(["g_loss", "d_loss", "x"], ["loss_discriminator=x"]).columns == [
                .lossGenerator: "g_loss", .lossDiscriminator: "x",
            ])
        for assignments in [
            ["loss_generator"], ["losses=b"], ["loss_generator=c"], ["loss_generator=b", "loss_discriminator=b"],
            ["loss_generator=a", "loss_generator=b"],
        ] {
            #expect(throws: LogError.self) { _ = try mapping(["a", "b"], assignments) }
        }
        #expect(throws: LogError.self) { _ = try mapping(["a", "b"]) }
    }

    private func mapping(_ names: [String], _ assignments: [String]) throws -> ColumnMapping {
        try mapping(names, rows: nil, assignments)
    }

    @Test func thisProgramsOwnSeriesKeepTheirNames() throws {
        let names = [
            "step", "epoch", "images_seen", "loss_generator", "loss_discriminator_real", "loss_discriminator_fake",
            "precision", "missing_bins",
        ]
        let columns = try mapping(names).columns
        #expect(columns[.precision] == "precision" && columns[.missingBins] == "missing_bins" && columns.count == 5)
    }

    /// SeqGAN's generator learns by policy gradients; a generator may be called F, or be an encoder.
    @Test(arguments: [
        ["pg_loss", "d_loss", "avg_reward", "nll"], ["f_adv_loss", "d_adv_loss", "f_slf_loss", "f_cyc_loss"],
        ["loss/encoder", "loss/discrim", "validation/main/accuracy", "validation/main/loss"],
    ])
    func generatorsByOtherNames(_ names: [String]) throws {
        #expect(try mapping(["step"] + names).columns == [.lossGenerator: names[0], .lossDiscriminator: names[1]])
    }

    @Test func anEncoderWithADecoderIsNoGenerator() throws {
        #expect(
            try mapping(["step", "encoder_loss", "decoder_loss", "disc_loss"]).columns
                == [.lossDiscriminator: "disc_loss"])
    }

    @Test func reinforcementLearningHasNoPlayers() {
        #expect(
            folder.problem("step,pg_loss,value_loss,reward\n1,0.1,0.2,3\n2,0.1,0.3,4\n").contains("does not look like"))
    }

    /// Losses stand first among the columns that a refusal lists, each by its whole name.
    @Test func aRefusalListsLossesFirst() {
        let long = "validation_metrics/reconstruction/mean_absolute_error_of_the_first_batch"
        let names = (1...14).map { "eval/metric\($0)" } + [long, "train/fake"]
        let row = names.indices.map { "0.\($0 + 1)" }.joined(separator: ",")
        let problem = folder.problem(names.joined(separator: ",") + "\n\(row)\n\(row)\n")
        #expect(problem.contains("it contains “train/fake”"), "\(problem)")
        let short = folder.problem("\(long),b\n0.5,0.1\n0.4,0.2\n")
        #expect(short.contains("“\(long)”"), "\(short)")
    }

    /// Players of two directions in capital letters, and a discriminator on images.
    @Test func playersWithoutSeparators() throws {
        let found = try mapping(["Loss_DA", "Loss_DB", "Loss_GA", "Loss_GB"])
        #expect(found.players.map(\.part) == ["A", "B"])
        #expect(found.players[1].columns == [.lossGenerator: "Loss_GB", .lossDiscriminator: "Loss_DB"])
        // Domain adaptation, and memory.
        #expect(folder.problem("epoch,loss_cls,loss_DA\n1,0.5,0.6\n2,0.4,0.5\n").contains("does not look like"))
        #expect(folder.problem("step,loss,GB\n1,0.5,3.2\n2,0.4,3.2\n").contains("does not look like"))
        let images = try mapping(["l1_g", "gan_g", "gan_rec", "dis_img", "dis_img_rec"])
        #expect(images.columns == [.lossGenerator: "gan_g", .lossDiscriminator: "dis_img"])
    }

    /// A gap within a name, and an epoch before it.
    @Test func namesAndWhatStandsBeforeThem() throws {
        let gap = (1...9).map { "Discriminator  Loss:  1.\($0)\nGenerator  Loss:  0.\($0)\n" }
        #expect(
            try folder.log(gap.joined()).mapping.columns
                == [.lossGenerator: "Generator Loss", .lossDiscriminator: "Discriminator Loss"])
        let staged = (1...9).map { "Train stage: adversarial Epoch000\($0)/0009 D Loss: 0.\($0) G Loss: 0.5\($0)\n" }
        let log = try folder.log(staged.joined())
        #expect(log.mapping.columns == [.lossGenerator: "G Loss", .lossDiscriminator: "D Loss"] && log.unit == "epoch")
    }
}
