/** The settings of the editor as the server wants them: by their names in `[tool.bnlint]`. */

const NAMES: Readonly<Record<string, string>> = {
  select: "select",
  ignore: "ignore",
  order: "order",
  targetKeras: "target-keras",
};

export type Read = (name: string) => unknown;

/** What was set; a setting that is `null` says nothing, so that the project's own one counts. */
export function forServer(read: Read): Record<string, unknown> {
  const said: Record<string, unknown> = {};
  for (const [name, key] of Object.entries(NAMES)) {
    const value = read(name);
    if (value !== null && value !== undefined) {
      said[key] = value;
    }
  }
  return said;
}
