/**
 * What `mpctl init` writes: small enough to be read at once, and it runs as it is.
 *
 * @param schema where an editor finds the JSON Schema, relative to the spec.
 */
export function starterSpec(schema: string): string {
  return `# yaml-language-server: $schema=${schema}
# Try it: mpctl check, mpctl plan, mpctl run. Ctrl-C stops everything in order.
mpctl: 1

locks:
  printer:                      # held by one process at a time

processes:
  fetch:
    command: |                  # a string is a shell script that stops at its first failing line
      echo "fetching"
      sleep 0.2

  build:
    depends_on: [fetch]         # starts when fetch has succeeded
    matrix: { flavor: [plain, extra] }
    with: [printer]             # taken at the start, given back at the end
    command: echo "building $MATRIX_FLAVOR"

  summary:
    depends_on: [build]         # waits for both instances, build-plain and build-extra
    command: [echo, done]       # a list is run as it is, without a shell
`;
}
