import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { forServer } from "../src/settings";

describe("settings for the server", () => {
  it("have the names of [tool.bnlint]", () => {
    const values: Record<string, unknown> = { targetKeras: "3", select: ["BN2"], order: "off" };

    expect(forServer((name) => values[name])).toEqual({
      "target-keras": "3",
      select: ["BN2"],
      order: "off",
    });
  });

  it("leave out what nobody set", () => {
    expect(forServer(() => null)).toEqual({});
    expect(forServer(() => undefined)).toEqual({});
  });

  it("are all declared in package.json", () => {
    const { contributes } = JSON.parse(readFileSync("package.json", "utf8"));
    const declared = Object.keys(contributes.configuration.properties);

    forServer((name) => {
      expect(declared).toContain(`bnlint.${name}`);
      return null;
    });
  });
});
