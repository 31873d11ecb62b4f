/** The source of events about this platform itself. No sender can have it: it is no name of an unknown one, nor has it tokens. */
export const OWN_SOURCE = 'wanglou';
