"""GANs in plain PyTorch, trained as strangers train them, with known outcomes. See `make_foreign_zoo.py`."""
