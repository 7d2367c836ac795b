import MiniCssExtractPlugin from 'mini-css-extract-plugin';
import webpack from 'webpack';

const [, , kind, names] = process.argv;
const isModule = kind === 'module';

const { hasErrors, text } = await new Promise((resolve, reject) => {
  webpack(
    {
      mode: 'production',
      entry: { main: './src/main.js' },
      output: {
        path: `${import.meta.dirname}/dist`,
        filename: '[name].js',
        chunkFilename: names === 'hashed' ? '[name].[contenthash].js' : '[name].js',
        publicPath: 'auto',
        ...(isModule && { module: true, chunkFormat: 'module', library: { type: 'module' } }),
      },
      experiments: { outputModule: isModule },
      module: { rules: [{ test: /\.css$/, use: [MiniCssExtractPlugin.loader, 'css-loader'] }] },
      plugins: [
        new MiniCssExtractPlugin({
          chunkFilename: names === 'hashed' ? '[name].[contenthash].css' : '[name].css',
        }),
      ],
    },
    (error, stats) =>
      error ? reject(error) : resolve({ hasErrors: stats.hasErrors(), text: stats.toString() }),
  );
});
if (hasErrors) throw new Error(text);
