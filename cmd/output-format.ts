/** How `mpctl check` writes its findings. */
export type CheckFormat = 'text' | 'json' | 'github' | 'sarif';

/** How `mpctl plan` writes the plan. */
export type PlanFormat = 'text' | 'json' | 'mermaid' | 'dot' | 'svg';
