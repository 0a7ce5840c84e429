import { execFile } from "node:child_process";

import * as vscode from "vscode";
import {
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  State,
} from "vscode-languageclient/node";

import { candidates, type Command, firstThatRuns, howToInstall } from "./command";
import { forServer } from "./settings";

const SECTION = "bnlint";
const SELECTOR = [
  { scheme: "file", language: "python" },
  { scheme: "untitled", language: "python" },
  { notebook: { notebookType: "jupyter-notebook" }, language: "python" },
];

let client: LanguageClient | undefined;
let running: Command | undefined;
let status: vscode.LanguageStatusItem;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  status = vscode.languages.createLanguageStatusItem("bnlint.status", { language: "python" });
  status.name = "bnlint";
  status.command = { command: "bnlint.restart", title: "Restart" };
  context.subscriptions.push(
    status,
    vscode.commands.registerCommand("bnlint.restart", restart),
    vscode.commands.registerCommand("bnlint.fixAll", fixAll),
    vscode.commands.registerCommand("bnlint.explainRule", explainRule),
    vscode.commands.registerCommand("bnlint.showPicture", showPicture),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
    vscode.workspace.onDidChangeConfiguration((event) => {
      const needsRestart = ["path", "interpreter", "enable", "run"];
      if (needsRestart.some((name) => event.affectsConfiguration(`${SECTION}.${name}`))) {
        void restart();
      }
    }),
  );
  await followInterpreter(context);
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

async function restart(): Promise<void> {
  await client?.stop();
  client = undefined;
  await start();
}

async function start(): Promise<void> {
  const settings = vscode.workspace.getConfiguration(SECTION);
  if (!settings.get("enable", true)) {
    show("off", vscode.LanguageStatusSeverity.Information);
    return;
  }
  const isTrusted = vscode.workspace.isTrusted;
  const chosenPython = await chosenInterpreter();
  running = await firstThatRuns(
    candidates({
      path: settings.get("path", ""),
      interpreter: settings.get("interpreter", ""),
      chosenPython,
      isTrusted,
    }),
    answers,
  );
  if (running === undefined) {
    const line = howToInstall(chosenPython);
    show("not found", vscode.LanguageStatusSeverity.Warning, line);
    void vscode.window.showWarningMessage(line);
    return;
  }
  client = new LanguageClient(
    SECTION,
    "bnlint",
    { command: running.command, args: [...running.args, "--lsp"] },
    options(isTrusted),
  );
  client.onDidChangeState(({ newState }) => {
    if (newState === State.Running) {
      show("running", vscode.LanguageStatusSeverity.Information);
    } else if (newState === State.Stopped) {
      show("stopped", vscode.LanguageStatusSeverity.Warning);
    }
  });
  try {
    await client.start();
  } catch (error) {
    const line = `bnlint did not start: ${error instanceof Error ? error.message : String(error)}`;
    show("failed", vscode.LanguageStatusSeverity.Error, line);
  }
}

function options(isTrusted: boolean): LanguageClientOptions {
  const onSave = vscode.workspace.getConfiguration(SECTION).get("run") === "onSave";
  return {
    documentSelector: SELECTOR,
    initializationOptions: { trusted: isTrusted },
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    middleware: {
      // The server learns of changes when they are saved: the last text before it is sent then.
      didChange: onSave ? async () => undefined : undefined,
      didSave: async (document, next) => {
        if (onSave && client !== undefined) {
          const { uri, version } = document;
          await client.sendNotification("textDocument/didChange", {
            textDocument: { uri: uri.toString(), version },
            contentChanges: [{ text: document.getText() }],
          });
        }
        await next(document);
      },
      workspace: {
        configuration: (params) =>
          params.items.map((item) => {
            const scope = item.scopeUri ? vscode.Uri.parse(item.scopeUri) : undefined;
            const values = vscode.workspace.getConfiguration(SECTION, scope);
            return forServer((name) => values.get(name));
          }),
      },
    },
  };
}

function show(word: string, severity: vscode.LanguageStatusSeverity, detail?: string): void {
  status.text = `bnlint: ${word}`;
  status.severity = severity;
  status.detail = detail;
}

function answers({ command, args }: Command): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(command, [...args, "--version"], { timeout: 10_000 }, (error) => resolve(!error));
  });
}

interface PythonExtension {
  readonly environments: {
    getActiveEnvironmentPath(): { readonly path: string };
    resolveEnvironment(
      path: unknown,
    ): Promise<{ readonly executable: { readonly uri?: vscode.Uri } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

async function pythonExtension(): Promise<PythonExtension | undefined> {
  const extension = vscode.extensions.getExtension<PythonExtension>("ms-python.python");
  return extension === undefined ? undefined : await extension.activate();
}

async function chosenInterpreter(): Promise<string | undefined> {
  const environments = (await pythonExtension())?.environments;
  const path = environments?.getActiveEnvironmentPath();
  const resolved = path && (await environments?.resolveEnvironment(path));
  return resolved?.executable.uri?.fsPath;
}

async function followInterpreter(context: vscode.ExtensionContext): Promise<void> {
  const environments = (await pythonExtension())?.environments;
  if (environments !== undefined) {
    context.subscriptions.push(environments.onDidChangeActiveEnvironmentPath(restart));
  }
}

async function fixAll(): Promise<void> {
  await vscode.commands.executeCommand("editor.action.codeAction", {
    kind: "source.fixAll.bnlint",
    apply: "first",
  });
}

async function explainRule(): Promise<void> {
  const here = vscode.window.activeTextEditor;
  const codes = vscode.languages
    .getDiagnostics(here?.document.uri ?? vscode.Uri.file(""))
    .filter((one) => one.source === "bnlint" && here?.selection.intersection(one.range))
    .map((one) => String(typeof one.code === "object" ? one.code.value : one.code));
  const code = codes[0] ?? (await vscode.window.showInputBox({ prompt: "Code or name of a rule" }));
  if (code !== undefined) {
    const page = await output(["--explain", code, "--color", "never"]);
    const document = await vscode.workspace.openTextDocument({ language: "markdown", content: page });
    await vscode.window.showTextDocument(document, { preview: true });
  }
}

async function showPicture(): Promise<void> {
  const file = vscode.window.activeTextEditor?.document.uri.fsPath;
  if (file === undefined) {
    return;
  }
  const picture = await output(["--output-format", "svg", "--exit-zero", "--", file]);
  const panel = vscode.window.createWebviewPanel(
    "bnlint.picture",
    "bnlint: models",
    vscode.ViewColumn.Beside,
    { enableScripts: false },
  );
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  panel.webview.html = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}">${picture}`;
}

function output(args: readonly string[]): Promise<string> {
  const { command, args: first } = running ?? { command: "bnlint", args: [] };
  return new Promise((resolve) => {
    execFile(command, [...first, ...args], { maxBuffer: 1 << 26 }, (_, out, err) => {
      resolve(out === "" ? err : out);
    });
  });
}
