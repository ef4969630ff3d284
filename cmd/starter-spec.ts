/** What `mpctl init` writes: small enough to be read at once, and it runs as it is. */
export const starterSpec = `# yaml-language-server: $schema=https://unpkg.com/mpctl/schemas/mpctl.schema.json
# Try it: mpctl check, mpctl plan, mpctl run. Ctrl-C stops everything in order.
mpctl: 1

locks:
  report:                       # held by one process at a time

processes:
  fetch:
    command: |                  # a string is a shell script and stops at its first failing line
      echo fetching
      sleep 0.2
      echo 42 > /dev/null

  build:
    depends_on: [fetch]         # starts when fetch has succeeded
    matrix: { flavor: [plain, extra] }
    with: [report]              # takes the lock at its start, gives it back at its end
    command: echo "building $MATRIX_FLAVOR"

  summary:
    depends_on: [build]
    command: [echo, done]       # a list is run as it is, without a shell
`;
