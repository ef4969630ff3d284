/** `error`: no run can work. `warning`: works but is fragile. `note`: worth knowing. */
export type Severity = 'error' | 'warning' | 'note';
