import type { EnvironmentFilesSpec, EnvironmentSpec } from '../../spec/schema/command.ts';
import type { EnvironmentLayer } from '../command.ts';
import type { EnvironmentScope } from './environment-scope.ts';
import type { FillPlace } from './fill-place.ts';
import { isInterpolated } from '../../spec/schema/leaves.ts';
import { fillLoadText, fillText } from './fill-value.ts';
import { parseEnvFile } from './parse-env-file.ts';
import { resolvePath } from '../../base/resolve-path.ts';

/** The layers that one part of the spec adds, and the environment with them on top. */
export interface AddedLayers {
  readonly layers: readonly EnvironmentLayer[];
  readonly scope: EnvironmentScope;
}

/** A file of variables beyond this size is a mistake. */
const maxFileBytes = 1_048_576;

/** Reads `env_file`, then `environment`, each seeing what came before it. */
export function buildEnvironment(
  at: FillPlace,
  written: {
    readonly env_file?: EnvironmentFilesSpec | undefined;
    readonly environment?: EnvironmentSpec | undefined;
  },
): AddedLayers {
  const layers: EnvironmentLayer[] = [];
  let scope = at.scope.environment;
  const add = (layer: EnvironmentLayer): void => {
    if (layer.length === 0) return;
    layers.push(layer);
    scope = scope.over(layer);
  };
  for (const layer of fileLayers(at, written.env_file)) add(layer);
  if (written.environment !== undefined) {
    const seen = at.inScope({ ...at.scope, environment: scope });
    add(environmentLayer(seen.below('environment'), written.environment));
  }
  return { layers, scope };
}

/** The layer of one `environment`: a map, or a list of `NAME=VALUE`. */
export function environmentLayer(at: FillPlace, environment: EnvironmentSpec): EnvironmentLayer {
  const entries = isList(environment)
    ? environment.map((entry, index): readonly [string, string | null, FillPlace] => {
        const equals = entry.indexOf('=');
        return equals === -1
          ? [entry, null, at.below(index)]
          : [entry.slice(0, equals), entry.slice(equals + 1), at.below(index)];
      })
    : Object.entries(environment).map(
        ([name, value]): readonly [string, string | null, FillPlace] => [
          name,
          value,
          at.below(name),
        ],
      );
  // For a hint only, so that a text without a template has none of it.
  const besides = (own: string): readonly string[] => entries.flatMap(([name]) => (name === own ? [] : [name]));
  return entries.map(([name, value, place]) => {
    if (value === null) checkPassedOn(place, name);
    if (value === null) return [name, null];
    return [name, fillText(isInterpolated(value) ? place.inScope({ ...place.scope, besides: besides(name), variable: name }) : place, value)];
  });
}

/** What is passed on must be there. */
function checkPassedOn(at: FillPlace, name: string): void {
  const { context, place } = at;
  const { environment: overrides = [] } = context.overrides;
  if (Object.hasOwn(context.host.environment, name) || overrides.some(([given]) => given === name)) return;
  const part = typeof place.at(-1) === 'number' ? 'value' : 'key';
  context.report(
    'MP137',
    { place, part },
    `\`${name}\` has no value here and none in mpctl's own environment, so it will not be set`,
    { hint: `give it a value, or set it for mpctl: \`mpctl run --env ${name}=VALUE\`` },
  );
}

function isList(environment: EnvironmentSpec): environment is string[] {
  return Array.isArray(environment);
}

function fileLayers(
  at: FillPlace,
  files: EnvironmentFilesSpec | undefined,
): readonly EnvironmentLayer[] {
  if (files === undefined) return [];
  const place = at.below('env_file');
  if (!Array.isArray(files)) return [fileLayer(place, files)];
  return files.map((file, index) => fileLayer(place.below(index), file));
}

function fileLayer(
  at: FillPlace,
  file: string | { readonly path: string; readonly required: boolean },
): EnvironmentLayer {
  const { path, required } = typeof file === 'string' ? { path: file, required: true } : file;
  const written = fillLoadText(typeof file === 'string' ? at : at.below('path'), path);
  if (written === '') return [];
  const { context } = at;
  const absolute = resolvePath(context.loaded.folderOf(at.place), written);
  const read = context.host.readFile(absolute, maxFileBytes);
  const finding = { place: at.place, part: 'value' } as const;
  if (!read.ok) {
    if (read.error.reason === 'missing' && !required) return [];
    context.gaps.add(at.place);
    const why =
      read.error.reason === 'other' ? read.error.message : readFailures[read.error.reason];
    context.report(
      'MP123',
      finding,
      `the file of variables \`${written}\` cannot be read: ${why}`,
      read.error.reason === 'missing'
        ? { hint: `create it, or write \`env_file: { path: ${written}, required: false }\`` }
        : {},
    );
    return [];
  }
  const parsed = parseEnvFile(new TextDecoder().decode(read.value));
  if (parsed.ok) return parsed.value;
  context.gaps.add(at.place);
  context.report(
    'MP123',
    finding,
    `line ${parsed.error.line} of \`${written}\` is not understood: expected \`NAME=VALUE\`, found \`${parsed.error.text}\``,
  );
  return [];
}

const readFailures = {
  missing: 'it does not exist',
  folder: 'it is a folder',
  permission: 'permission is denied',
  too_large: 'it is larger than 1 MiB',
} as const;
