import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build, defineConfig, type Plugin } from "vite";

const HERE = import.meta.dirname;

/** Return the folder below src of a module; a library's file is shared. */
function roomOf(module: string): string {
  const [, path] = module.split("/src/");
  return path && !module.includes("node_modules") ? path.split("/").slice(0, -1).join("-") || "start" : "shared";
}

/** Builds the service worker as one file, which knows every file of the app: it keeps them for hours without a connection. */
function serviceWorker(): Plugin {
  let files: string[] = [];
  return {
    name: "service-worker",
    apply: "build",
    generateBundle(_options, bundle) {
      const built = Object.keys(bundle).filter((name) => !name.endsWith(".html"));
      const kept = readdirSync(join(HERE, "public/app")).map((name) => `app/${name}`);
      files = ["/app/", ...[...built, ...kept].map((name) => `/${name}`)].sort();
    },
    async closeBundle() {
      await build({
        configFile: false,
        root: HERE,
        publicDir: false,
        logLevel: "warn",
        define: { __OFFLINE_FILES__: JSON.stringify(files) },
        build: {
          outDir: "dist",
          emptyOutDir: false,
          target: "es2022",
          rollupOptions: {
            input: join(HERE, "src/service-worker.ts"),
            output: { format: "iife", entryFileNames: "app/sw.js" },
          },
        },
      });
    },
  };
}

const { version } = JSON.parse(readFileSync(join(HERE, "package.json"), "utf8")) as { version: string };

export default defineConfig({
  base: "/",
  define: { __APP_VERSION__: JSON.stringify(version) },
  publicDir: "public",
  build: {
    outDir: "dist",
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the policy of the page allows no data: addresses
    rollupOptions: {
      input: join(HERE, "app/index.html"),
      output: {
        entryFileNames: "app/assets/[name]-[hash].js",
        // Named after their folder: one can see which product a file belongs to.
        chunkFileNames: (chunk) => `app/assets/${roomOf(chunk.moduleIds.at(-1) ?? chunk.name)}-[hash].js`,
        assetFileNames: "app/assets/[name]-[hash][extname]",
      },
    },
  },
  plugins: [serviceWorker()],
});
