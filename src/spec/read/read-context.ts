import type { Node, YAMLMap } from 'yaml';
import type { DiagnosticCode } from '../../diagnostics/catalogue.ts';
import type { RelatedPlace } from '../../diagnostics/diagnostic.ts';
import type { SourceRange } from '../../diagnostics/source.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { EntryProblem, TreeEntry, YamlTree } from '../yaml-tree.ts';
import { anyKey, type Gaps } from '../gaps.ts';
import type { Findings } from './findings.ts';

/** How the value that is being read is called in messages, and what to point at when it is missing. */
export interface Spot {
  /** `` `timeout` `` or `` an item of `args` ``. */
  readonly label: string;
  /** The key in front of it, or the list around it. */
  readonly node: Node;
  /** What to write instead where it does not fit, if what is around it knows that better. */
  readonly hint?: string | null;
}

/** So many values may come out of aliases, and one more for each character of the file: more is an alias bomb. */
const freeExpandedValues = 100_000;

/** Deeper than any spec; the bound for a value that holds itself through an alias. */
const deepest = 200;

/** What reading one document needs to know wherever it is: the tree, the findings, and the way there. */
export class ReadContext {
  readonly tree: YamlTree;
  readonly #findings: Findings;
  readonly #gaps: Gaps;
  /** The keys and indexes that lead to what is being read. */
  readonly #place: (string | number)[] = [];
  /** The aliases that lead to what is being read, outermost first. */
  readonly #aliases: Node[] = [];
  readonly #mostExpandedValues: number;
  #expandedValues = 0;
  #depth = 0;
  #bombReported = false;

  constructor(tree: YamlTree, findings: Findings, gaps: Gaps) {
    this.tree = tree;
    this.#findings = findings;
    this.#gaps = gaps;
    this.#mostExpandedValues = freeExpandedValues + tree.source.text.length;
  }

  /** Reads what a node stands for, unless aliases have brought too much; undefined where nothing is read. */
  within<T>(node: Node, read: (target: Node) => T): T | undefined {
    const target = this.tree.resolve(node);
    if (target === null || this.#findings.isFull || this.#bombReported) return undefined;
    const throughAlias = target !== node;
    if (throughAlias) this.#aliases.push(node);
    this.#depth += 1;
    if (this.#aliases.length > 0) this.#expandedValues += 1;
    try {
      if (this.#isTooMuch()) {
        this.#reportTooMuch(node);
        return undefined;
      }
      return read(target);
    } finally {
      this.#depth -= 1;
      if (throughAlias) this.#aliases.pop();
    }
  }

  /** Reads what stands under a key or index of what is being read; what gives undefined is a gap there. */
  under<T>(key: string | number, read: () => T): T {
    this.#place.push(key);
    const value = read();
    if (value === undefined) this.#gaps.add(this.#place);
    this.#place.pop();
    return value;
  }

  /** What stands under this key of what is being read is missing, or there is more of it. */
  addGap(key: string | number): void {
    this.#gaps.add([...this.#place, key]);
  }

  /** Of the list that is being read only these items could be read. */
  keepOnly(kept: readonly number[]): void {
    this.#gaps.keepOnly(this.#place, kept);
  }

  /** Notes a finding at a node; what was reached through an alias names the alias too. */
  report(code: DiagnosticCode, message: string, node: Node, hint: string | null = null, first: RelatedPlace | null = null): void {
    this.reportAt(code, message, this.tree.rangeOf(node), hint, first);
  }

  /** Notes a finding at a range of this document. */
  reportAt(code: DiagnosticCode, message: string, range: SourceRange, hint: string | null = null, first: RelatedPlace | null = null): void {
    const related: RelatedPlace[] = first === null ? [] : [first];
    const [alias] = this.#aliases;
    if (alias !== undefined) related.push({ message: 'it comes in through this alias', range: this.tree.rangeOf(alias) });
    this.#findings.report(code, message, range, hint, related);
  }

  /** The entries of a mapping; what is wrong with its keys is reported, and what they lose a gap. */
  entriesOf(map: YAMLMap, label: string): readonly TreeEntry[] {
    const { entries, problems } = this.tree.entriesOf(map);
    for (const problem of problems) {
      this.addGap(problem.type === 'duplicate' ? problem.key : anyKey);
      this.#reportEntry(problem, map, label);
    }
    for (const { key, keyNode } of entries) {
      if (key.includes('${{')) {
        this.report('MP108', `\`\${{ }}\` stands in a key of ${label}; mpctl fills in values only`, keyNode, 'write the key as it is to be');
      }
    }
    return entries;
  }

  #isTooMuch(): boolean {
    return this.#depth > deepest || this.#expandedValues > this.#mostExpandedValues;
  }

  #reportTooMuch(node: Node): void {
    this.#bombReported = true;
    const [alias] = this.#aliases;
    if (alias === undefined) {
      this.report('MP110', `values are nested more than ${deepest} levels deep`, node);
      return;
    }
    const message =
      this.#depth > deepest
        ? `the alias holds itself: its values nest more than ${deepest} levels deep`
        : `the aliases of this file expand to more than ${this.#mostExpandedValues} values`;
    this.#findings.report('MP114', message, this.tree.rangeOf(alias), this.#depth > deepest ? 'take the alias out of what it stands for' : 'write out what is meant, with fewer aliases of aliases');
  }

  #reportEntry(problem: EntryProblem, map: YAMLMap, label: string): void {
    switch (problem.type) {
      case 'duplicate':
        this.report('MP104', `the key \`${problem.key}\` stands twice in ${label}`, problem.node, 'keep one of them', {
          message: 'first defined here',
          range: this.tree.rangeOf(problem.first),
        });
        return;
      case 'not_text':
        this.report('MP108', `a key of ${label} is no text`, problem.node ?? map, 'a key is a word; a text that begins with `{`, `[` or `*` needs quotes');
        return;
      case 'bad_merge':
        this.report('MP118', '`<<` merges a mapping or a list of mappings, and found something else', problem.node, 'write `<<: *NAME`, where `&NAME` stands before a mapping');
        return;
      case 'lost_merge':
        // The alias is reported with all the others.
        return;
    }
  }

  /** Reports every alias whose name nothing before it bears. */
  reportUnresolvedAliases(): void {
    const aliases = this.tree.unresolvedAliases();
    const anchors = aliases.length === 0 ? [] : this.tree.anchorNames();
    for (const alias of aliases) {
      const { source } = alias;
      if (/^[\w-]+$/.test(source)) {
        const meant = didYouMean(source, anchors);
        const hint = meant === null ? `write \`&${source}\` before the value that it repeats, or quote the text: \`"*${source}"\`` : `did you mean \`*${meant}\`?`;
        this.report('MP117', `the alias \`*${source}\` repeats a value that nothing before it names \`&${source}\``, alias, hint);
      } else {
        this.report('MP120', `\`*${source}\` begins with \`*\`, which YAML takes for an alias`, alias, `quote it: \`"*${source}"\``);
      }
    }
  }
}
