/** Runs before each end-to-end file: the test itself runs in Electron as Node; what it launches is to be Electron. */
delete process.env.ELECTRON_RUN_AS_NODE
