import MiniCssExtractPlugin from 'mini-css-extract-plugin';
import webpack from 'webpack';

const isModule = process.argv[2] === 'module';

const { hasErrors, text } = await new Promise((resolve, reject) => {
  webpack(
    {
      mode: 'production',
      entry: { main: './src/main.js' },
      output: {
        path: `${import.meta.dirname}/dist`,
        filename: '[name].js',
        publicPath: 'auto',
        ...(isModule && { module: true, chunkFormat: 'module', library: { type: 'module' } }),
      },
      experiments: { outputModule: isModule },
      module: { rules: [{ test: /\.css$/, use: [MiniCssExtractPlugin.loader, 'css-loader'] }] },
      plugins: [new MiniCssExtractPlugin()],
    },
    (error, stats) =>
      error ? reject(error) : resolve({ hasErrors: stats.hasErrors(), text: stats.toString() }),
  );
});
if (hasErrors) throw new Error(text);
