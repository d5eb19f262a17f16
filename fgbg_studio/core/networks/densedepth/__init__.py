"""DenseDepth in Keras 3, with the weights that its authors published."""
