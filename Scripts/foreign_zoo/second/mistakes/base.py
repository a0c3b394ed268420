"""What a mistake can change about a training. Each method returns what it was given if the mistake does not concern it."""


class Mistake:
    """A mistake, asked at each of these places of a training."""

    description = ""

    def images(self, images):
        """The training images and their labels."""
        return images

    def order(self, order, labels, training):
        """The indices of an epoch's images, in their order."""
        return order

    def built(self, training):
        """The networks and the optimizers are made."""

    def real(self, real, training):
        return real

    def noise(self, noise, training):
        return noise

    def shown(self, images, training):
        """Images, real or not, as the discriminator sees them."""
        return images

    def old_fakes(self, fakes, training):
        """Generated images for the discriminator's step."""
        return fakes

    def new_fakes(self, fakes, training):
        """Generated images for the generator's step."""
        return fakes

    def generator_loss(self, loss, fakes, noise, training):
        return loss

    def gradients(self, network, training):
        """Gradients are there, the optimizer's step follows."""

    def trains_discriminator(self, training):
        return True

    def stepped(self, step, training):
        """A step is over."""

    def sampler(self, generator, training):
        """The generator that samples are drawn from."""
        return generator

    def sampled(self, images, training):
        """Samples, before they become bytes."""
        return images
