/** MLflow: experiments, trace infos, search, annotations, and the linking of both to tables. */
@NullMarked
package dev.ucode.sandbox.mlflow;

import org.jspecify.annotations.NullMarked;
