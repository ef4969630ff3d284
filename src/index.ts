/** The library: what `import … from 'mpctl'` gives. */
export { catalogue, type DiagnosticCode } from './diagnostics/catalogue.ts';
export type { Diagnostic } from './diagnostics/diagnostic.ts';
export type { RunEvent } from './engine/run-event.ts';
export type { Plan } from './plan/plan.ts';
