import { describe, expect, it } from "vitest";

import { candidates, firstThatRuns, howToInstall } from "../src/command";

const NOTHING = { path: "", interpreter: "", chosenPython: undefined, isTrusted: true };

describe("which bnlint is run", () => {
  it("is the one that the settings name, and no other", () => {
    expect(candidates({ ...NOTHING, path: "/opt/bnlint", chosenPython: "/venv/bin/python" })).toEqual([
      { command: "/opt/bnlint", args: [] },
    ]);
  });

  it("is that of the interpreter in the settings before that of the chosen one", () => {
    const found = candidates({ ...NOTHING, interpreter: "/a/python3.12", chosenPython: "/b/python" });

    expect(found.map((one) => one.command)).toEqual(["/a/bnlint", "/b/bnlint", "bnlint"]);
  });

  it("is none that an untrusted workspace names", () => {
    const named = { ...NOTHING, path: "./evil", chosenPython: "/w/python", isTrusted: false };

    expect(candidates(named)).toEqual([{ command: "bnlint", args: [] }]);
  });

  it("is the one on PATH where nothing is chosen", () => {
    expect(candidates(NOTHING)).toEqual([{ command: "bnlint", args: [] }]);
  });

  it("is the first that answers", async () => {
    const commands = candidates({ ...NOTHING, chosenPython: "/b/python" });

    expect(await firstThatRuns(commands, async (one) => one.command === "bnlint")).toEqual({
      command: "bnlint",
      args: [],
    });
    expect(await firstThatRuns(commands, async () => false)).toBeUndefined();
  });

  it("is told how to be installed where there is none", () => {
    expect(howToInstall("/venv/bin/python")).toContain('/venv/bin/python -m pip install "bnlint[lsp]"');
    expect(howToInstall(undefined)).toContain("python -m pip");
  });
});
