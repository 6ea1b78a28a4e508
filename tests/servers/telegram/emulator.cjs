// Serves the emulator of Telegram's Bot API on 127.0.0.1, at the port that is its argument.
const { createRequire } = require("module");
const TelegramServer = createRequire(`${process.cwd()}/package.json`)("telegram-test-api");

new TelegramServer({ port: Number(process.argv[2]), host: "127.0.0.1", protocol: "http", storage: "RAM" }).start();
