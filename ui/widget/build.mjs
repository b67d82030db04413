// Builds dist/widget.js from src/: one file, the style sheet minified into it.
import { readFile } from "node:fs/promises";
import { build, transform } from "esbuild";

const styles = {
  name: "styles",
  setup(made) {
    made.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ["src/main.ts"],
  outfile: process.argv[2] ?? "dist/widget.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  charset: "utf8",
  legalComments: "none",
  plugins: [styles],
});
