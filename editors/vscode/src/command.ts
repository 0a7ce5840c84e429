/** Which bnlint is run, and how: no part of VS Code is needed here, so that it can be tested. */

import { dirname, join } from "node:path";

export interface Choices {
  /** What the setting `bnlint.path` says; empty where it says nothing. */
  readonly path: string;
  /** What the setting `bnlint.interpreter` says; empty where it says nothing. */
  readonly interpreter: string;
  /** The Python that the Python extension has chosen, if there is one. */
  readonly chosenPython: string | undefined;
  /** Only then settings of the workspace may name programs. */
  readonly isTrusted: boolean;
}

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * The commands that may start bnlint, the most wanted first.
 *
 * It is the script beside the interpreter, not `python -m bnlint`: that would import out of the
 * folder that is open first. What a workspace names is run only where it is trusted.
 */
export function candidates(choices: Choices): Command[] {
  const onPath = { command: "bnlint", args: [] };
  if (!choices.isTrusted) {
    return [onPath];
  }
  if (choices.path !== "") {
    return [{ command: choices.path, args: [] }];
  }
  const pythons = [choices.interpreter, choices.chosenPython].filter((python) => !!python);
  return [...pythons.map((python) => ({ command: beside(python as string), args: [] })), onPath];
}

function beside(python: string): string {
  return join(dirname(python), process.platform === "win32" ? "bnlint.exe" : "bnlint");
}

/** The first of `commands` that answers `--version`; `undefined` where none does. */
export async function firstThatRuns(
  commands: readonly Command[],
  answers: (command: Command) => Promise<boolean>,
): Promise<Command | undefined> {
  for (const command of commands) {
    if (await answers(command)) {
      return command;
    }
  }
  return undefined;
}

/** What to do where no bnlint was found, in one line. */
export function howToInstall(chosenPython: string | undefined): string {
  const python = chosenPython ?? "python";
  return `bnlint was not found. Install it with: ${python} -m pip install "bnlint[lsp]"`;
}
