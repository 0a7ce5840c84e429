# not runnable: there is nothing to run
# BatchNormalization is planned here.
