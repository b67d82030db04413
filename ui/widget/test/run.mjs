// Bundles the unit tests with the sources they test, in memory, and runs them on Node's own test runner.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { build } from "esbuild";

const made = await build({
  absWorkingDir: join(import.meta.dirname, ".."),
  entryPoints: ["test/widget.test.ts"],
  bundle: true,
  write: false,
  platform: "node",
  format: "esm",
  target: "node20",
});
const folder = await mkdtemp(join(tmpdir(), "widget-"));
const file = join(folder, "widget.test.mjs");
await writeFile(file, made.outputFiles[0].contents);
const { status } = spawnSync(process.execPath, ["--test", file], { stdio: "inherit" });
await rm(folder, { recursive: true });
process.exit(status ?? 1);
