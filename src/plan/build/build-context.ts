import type { Place } from '../../base/place.ts';
import type { DiagnosticCode } from '../../diagnostics/catalogue.ts';
import type { Diagnostic, RelatedPlace } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { LoadedSpec } from '../../spec/loaded-spec.ts';
import type { Actor, Dependency } from '../plan.ts';
import { PlanGaps } from './plan-gaps.ts';
import type { NameTable } from './name-table.ts';
import type { PlanHost } from './plan-host.ts';
import type { PlanOverrides } from './plan-overrides.ts';

/** So many wrong names get a guess. */
const mostGuesses = 200;

/** Where a finding stands: at a key or at a value. */
export interface FindingPlace {
  readonly place: Place;
  readonly part: 'key' | 'value';
}

/** What all parts of the building share: the spec, the machine, the names, and what was found. */
export class BuildContext {
  readonly loaded: LoadedSpec;
  readonly host: PlanHost;
  readonly overrides: PlanOverrides;
  readonly names: NameTable;
  readonly gaps: PlanGaps;
  readonly diagnostics: Diagnostic[] = [];
  readonly actors: Actor[] = [];
  /** Dependencies whose condition was not written. */
  readonly defaultConditions = new Set<Dependency>();
  /** What was already read: a large spec writes the same few durations and sizes again and again. */
  readonly durationsMs = new Map<string, number>();
  readonly sizesBytes = new Map<string, number>();

  #isNamed = false;
  #guesses = 0;
  readonly #afterNaming: (() => void)[] = [];

  constructor(loaded: LoadedSpec, host: PlanHost, overrides: PlanOverrides, names: NameTable) {
    this.loaded = loaded;
    this.host = host;
    this.overrides = overrides;
    this.names = names;
    this.gaps = new PlanGaps(loaded.gaps);
  }

  /**
   * Whether what a wrong name was meant to be is worth another search through all names: in a large spec
   * where everything is wrong the searches would take minutes, and nobody reads on so far.
   */
  mayGuess(): boolean {
    this.#guesses += 1;
    return this.#guesses <= mostGuesses;
  }

  /** Does what needs all names: at once, or as soon as they are known. */
  whenNamed(check: () => void): void {
    if (this.#isNamed) check();
    else this.#afterNaming.push(check);
  }

  /** All names are known. */
  finishNaming(): void {
    this.#isNamed = true;
    for (const check of this.#afterNaming.splice(0)) check();
  }

  /** Notes a finding. */
  report(
    code: DiagnosticCode,
    at: FindingPlace,
    message: string,
    details: { readonly hint?: string; readonly related?: readonly RelatedPlace[] } = {},
  ): void {
    const range = this.loaded.locate(at.place, at.part);
    this.diagnostics.push(makeDiagnostic(code, message, { range, ...details }));
  }
}
