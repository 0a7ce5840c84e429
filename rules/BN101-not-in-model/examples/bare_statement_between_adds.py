# A Keras 1 script pasted without its imports: the statement builds a layer and nobody adds it.
# not runnable: Keras 1 arguments, and no import lines
model = Sequential()
keras.layers.normalization.BatchNormalization(epsilon=1e-06, mode=0, momentum=0.9, weights=None)  # expect: BN101
model.add(Dense(64, input_dim=20, init='uniform'))
model.add(Activation('tanh'))
model.add(Dropout(0.5))
model.add(Dense(2, init='uniform'))
model.add(Activation('softmax'))

model.compile(loss='binary_crossentropy', optimizer='adam')
