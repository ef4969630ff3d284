/** Whether a moment has come, can still come, or never will. */
export type MomentStatus = 'met' | 'pending' | 'impossible';
