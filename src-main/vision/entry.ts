/** Where the vision process begins: an Electron utility process, or a forked child of the command line. */
import { serve } from './service'
import { openTransport } from './transport'

serve(openTransport())
