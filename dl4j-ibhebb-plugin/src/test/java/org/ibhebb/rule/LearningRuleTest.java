package org.ibhebb.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.ibhebb.Fixtures;
import org.ibhebb.ForAnyKernel;
import org.ibhebb.IbHebb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

@ForAnyKernel
class LearningRuleTest {

    /** No setting is the default. */
    private static final LearningRule UNUSUAL = LearningRule.builder()
            .objective(Objective.hsicZZ()
                    .withWeight(0.5)
                    .withKernel(Kernel.medianGaussian(0.75))
                    .withGroups(8)
                    .withGamma(3)
                    .withSigmaX(1.5)
                    .withLabels(LabelKernel.gaussian(0.9)))
            .plus(Objective.normalizedHsic().withLabels(LabelKernel.sameLabel()))
            .plus(Objective.reference().withLabels(LabelKernel.medianGaussian(2)))
            .plus(Objective.prediction().withRate(1.5).withWeight(0.25).withBlock(3))
            .plus(Objective.neighbourhood().withFade(0.7).withLabels(LabelKernel.auto(0.3)))
            .gain(false)
            .updaters(LearningRule.Updaters.CONFIGURED)
            .normalization(LearningRule.Normalization.NONE)
            .pooling(3)
            .memory(17)
            .build();

    static List<LearningRule> rules() {
        return List.of(LearningRule.defaults(), LearningRule.convolutionDefaults(), UNUSUAL);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void survivesJson(LearningRule rule) {
        assertThat(LearningRule.fromJson(rule.toJson())).isEqualTo(rule).hasSameHashCodeAs(rule);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void survivesTheMappersOfDeeplearning4j(LearningRule rule) throws IOException {
        for (var mapper : List.of(NeuralNetConfiguration.mapper(), NeuralNetConfiguration.mapperYaml())) {
            assertThat(mapper.readValue(mapper.writeValueAsString(rule), LearningRule.class)).isEqualTo(rule);
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void survivesJavaSerialisation(LearningRule rule) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(rule);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(rule);
        }
    }

    static Stream<LearningRule> everyOtherRule() {
        Objective objective = Objective.hsic();
        return Stream.of(
                LearningRule.builder().objective(objective.withWeight(2)),
                LearningRule.builder().objective(objective.withSigma(0.51)),
                LearningRule.builder().objective(objective.withKernel(Kernel.medianGaussian(0.5))),
                LearningRule.builder().objective(objective.withGroups(2)),
                LearningRule.builder().objective(objective.withGamma(0)),
                LearningRule.builder().objective(objective.withSigmaX(1)),
                LearningRule.builder().objective(objective.withLabels(LabelKernel.sameLabel())),
                LearningRule.builder().objective(Objective.hsicZZ()),
                LearningRule.builder().objective(objective).plus(objective),
                LearningRule.builder().objective(objective).normalization(LearningRule.Normalization.NONE),
                LearningRule.builder().objective(objective).pooling(1),
                LearningRule.builder().objective(objective).gain(false),
                LearningRule.builder().objective(objective).updaters(LearningRule.Updaters.CONFIGURED),
                LearningRule.builder().objective(objective).memory(2)).map(LearningRule.Builder::build);
    }

    @ParameterizedTest
    @MethodSource("everyOtherRule")
    void everySettingMakesADifference(LearningRule other) {
        assertThat(other).isNotEqualTo(LearningRule.builder().objective(Objective.hsic()).build());
        assertThat(other.toBuilder().build()).isEqualTo(other).hasSameHashCodeAs(other);
    }

    @Test
    void theRateOfPredictionMakesADifference() {
        assertThat(Objective.prediction().withRate(1)).isNotEqualTo(Objective.prediction().withRate(2));
        assertThat(Objective.hsic().withRate(1)).isEqualTo(Objective.hsic().withRate(2));
    }

    /** Saved rules of the time before there was one have no rate. */
    @Test
    void onlyPredictionHasARate() {
        assertThat(LearningRule.builder().objective(Objective.hsic()).build().toJson())
                .doesNotContain("rate", "block", "fade");
        LearningRule prediction = LearningRule.builder().objective(Objective.prediction()).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearningRule.fromJson(prediction.toJson().replace(",\"rate\":1.0", "")))
                .withMessageContaining("rate");
    }

    /** What version 0.1 wrote for its default of convolutions. */
    @Test
    void rulesOfVersionOneGoOnAsTheyDid() {
        LearningRule rule = LearningRule.fromJson("{\"objectives\":[{\"kind\":\"prediction\",\"weight\":1.0,\"kernel\":"
                + "{\"type\":\"gaussian\",\"sigma\":0.5},\"groups\":0,\"gamma\":2.0,\"sigmaX\":0.5,\"labels\":"
                + "{\"type\":\"auto\",\"sigma\":0.0},\"rate\":4.0},{\"kind\":\"neighbourhood\",\"weight\":0.3,"
                + "\"kernel\":{\"type\":\"gaussian\",\"sigma\":0.35},\"groups\":0,\"gamma\":2.0,\"sigmaX\":0.5,"
                + "\"labels\":{\"type\":\"auto\",\"sigma\":0.0}}],\"normalization\":\"layer-norm\",\"pooling\":2,"
                + "\"memory\":128}");
        assertThat(rule.gain()).isFalse();
        assertThat(rule.updaters()).isEqualTo(LearningRule.Updaters.CONFIGURED);
        assertThat(rule.prediction().orElseThrow().block()).isZero();
        assertThat(rule.objectives().get(1).fade()).isNull();
        assertThat(LearningRule.fromJson(rule.toJson())).isEqualTo(rule);
    }

    @Test
    void objectivesFadeAsTheReadoutLearnsButNotBelowTheirFloor() {
        LearningRule rule = LearningRule.builder()
                .objective(Objective.prediction())
                .plus(Objective.neighbourhood().withWeight(0.5).withFade(0.2))
                .plus(Objective.hsic().withWeight(3))
                .build();
        assertThat(rule.faded(0.6).objectives()).extracting(Objective::weight).containsExactly(1.0, 0.3, 3.0);
        assertThat(rule.faded(0.1).objectives()).extracting(Objective::weight).containsExactly(1.0, 0.1, 3.0);
        LearningRule steady = LearningRule.builder().objective(Objective.hsic()).build();
        assertThat(steady.faded(0.1)).isSameAs(steady);
    }

    @Test
    void whatFadesNeedsAReadout() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearningRule.builder().objective(Objective.neighbourhood().withFade(0.1)).build())
                .withMessageContaining("prediction");
        assertThatIllegalArgumentException().isThrownBy(() -> Objective.prediction().withFade(0.1));
        assertThatIllegalArgumentException().isThrownBy(() -> Objective.hsic().withFade(1.5))
                .withMessageContaining("1.5");
        assertThatIllegalArgumentException().isThrownBy(() -> Objective.prediction().withBlock(-1))
                .withMessageContaining("-1");
    }

    @Test
    void doesNotChangeWithItsBuilder() {
        LearningRule.Builder builder = LearningRule.builder().objective(Objective.hsic());
        LearningRule rule = builder.build();
        builder.plus(Objective.neighbourhood()).memory(5).pooling(7).normalization(LearningRule.Normalization.NONE);

        assertThat(rule).isEqualTo(LearningRule.builder().objective(Objective.hsic()).build());
        assertThat(rule.objectives()).isUnmodifiable();
    }

    @Test
    void copiesLeaveTheirOriginalAlone() {
        Objective original = Objective.hsic();
        assertThat(original.withWeight(2).withGamma(7)).isNotEqualTo(original);
        assertThat(original).isEqualTo(Objective.hsic());
    }

    static Stream<Arguments> badSettings() {
        Objective objective = Objective.hsic();
        return Stream.of(
                bad("memory", "1", "2", () -> LearningRule.builder().memory(1).build()),
                bad("memory", "0", "2", () -> LearningRule.builder().memory(0).build()),
                bad("pooling", "0", "1", () -> LearningRule.builder().pooling(0).build()),
                bad("sigma", "0.0", "above 0", () -> objective.withSigma(0)),
                bad("sigma", "-1.0", "above 0", () -> objective.withSigma(-1)),
                bad("sigma", "NaN", "above 0", () -> objective.withSigma(Double.NaN)),
                bad("sigma", "Infinity", "finite", () -> objective.withSigma(Double.POSITIVE_INFINITY)),
                bad("sigma", "0.0", "above 0", () -> Kernel.medianGaussian(0)),
                bad("sigma", "NaN", "above 0", () -> LabelKernel.gaussian(Double.NaN)),
                bad("sigma", "0.0", "above 0", () -> LabelKernel.medianGaussian(0)),
                bad("sigmaX", "0.0", "above 0", () -> objective.withSigmaX(0)),
                bad("gamma", "NaN", "0 or more", () -> objective.withGamma(Double.NaN)),
                bad("gamma", "-0.5", "0 or more", () -> objective.withGamma(-0.5)),
                bad("weight", "0.0", "above 0", () -> objective.withWeight(0)),
                bad("groups", "1", "2", () -> objective.withGroups(1)),
                bad("groups", "-1", "2", () -> objective.withGroups(-1)),
                bad("neighbourhood", "cosine", "Gaussian",
                        () -> Objective.neighbourhood().withKernel(Kernel.cosine())),
                bad("rate", "0.0", "above 0", () -> Objective.prediction().withRate(0)),
                bad("groups", "2", "0", () -> Objective.prediction().withGroups(2)),
                bad("prediction", "one", "at most", () -> LearningRule.builder().objective(Objective.prediction())
                        .plus(Objective.prediction().withRate(1)).build()),
                bad("objective", "nonsense", "hsic-zz", () -> Objective.Kind.fromName("nonsense")),
                bad("objective", "", "missing", () -> LearningRule.builder().objective(null)),
                bad("normalization", "", "missing", () -> LearningRule.builder().normalization(null).build()));
    }

    private static Arguments bad(String setting, String value, String limit, ThrowingCallable call) {
        return Arguments.of(setting, value, limit, call);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("badSettings")
    void refusesABadSettingByName(String setting, String value, String limit, ThrowingCallable call) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageContainingAll(setting, value, limit);
    }

    @Test
    void refusesJsonWithoutObjectives() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearningRule.fromJson(
                        "{\"objectives\":[],\"normalization\":\"none\",\"pooling\":2,\"memory\":8}"))
                .withMessageContaining("at least one objective");
    }

    @Test
    void refusesJsonWithAnUnknownObjective() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearningRule.fromJson(LearningRule.defaults().toJson()
                        .replace("\"neighbourhood\"", "\"nonsense\"")))
                .withMessageContainingAll("nonsense", "neighbourhood");
    }

    @Test
    void refusesJsonWithAnUnknownField() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearningRule.fromJson(
                        LearningRule.defaults().toJson().replace("\"memory\"", "\"memroy\":3,\"memory\"")))
                .withMessageContaining("memroy");
    }

    /** Rules inside saved models are read by DL4J's mappers, which let it all pass elsewhere. */
    static Stream<Function<String, LearningRule>> readers() {
        return Stream.of(LearningRule::fromJson, json -> {
            try {
                return NeuralNetConfiguration.mapper().readValue(json, LearningRule.class);
            } catch (IOException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }, json -> {
            try {
                return NeuralNetConfiguration.mapperYaml().readValue(json, LearningRule.class);
            } catch (IOException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("readers")
    void everyReaderIsStrict(Function<String, LearningRule> reader) {
        String json = UNUSUAL.toJson();
        assertThat(reader.apply(json)).isEqualTo(UNUSUAL);
        assertRefused(reader, json.replace("\"memory\":", "\"memroy\":3,\"memory\":"), "memroy");
        assertRefused(reader, json.replace("\"sigma\":0.75", "\"sigma\":0.75,\"width\":3"), "width");
        // The second one would have gone by all checks.
        assertRefused(reader, json.replace("\"sigma\":0.75", "\"sigma\":0.75,\"sigma\":-3"), "sigma", "twice");
        assertRefused(reader, json.replace("\"memory\":17", "\"memory\":17,\"memory\":1"), "memory", "twice");
        assertRefused(reader, json.replace("\"memory\":17", "\"memory\":17.5"), "17.5");
        assertRefused(reader, json.replace("\"memory\":17", "\"memory\":99999999999"), "99999999999");
        assertRefused(reader, json.replace("\"kind\":\"hsic-zz\"", "\"kind\":1"), "Kind");
        assertRefused(reader, json.replace("\"memory\":17", "\"memory\":" + "[".repeat(50) + "]".repeat(50)), "deeper");
    }

    private static void assertRefused(Function<String, LearningRule> reader, String json, String... words) {
        assertThatIllegalArgumentException().isThrownBy(() -> reader.apply(json))
                .satisfies(refusal -> assertThat(Arrays.asList(words)).as(refusal.getMessage())
                        .allMatch(refusal.getMessage()::contains));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "{}", "1", " null", "]", "{\"memory\":3}"})
    void refusesTextBehindARule(String more) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearningRule.fromJson(LearningRule.defaults().toJson() + more));
        assertThat(LearningRule.fromJson(" " + LearningRule.defaults().toJson() + " \n"))
                .isEqualTo(LearningRule.defaults());
    }

    @Test
    void aModelWhoseRuleIsDamagedIsRefused() {
        String json = IbHebb.convert(Fixtures.mlp(Activation.TANH, new Sgd(0.1), 5, 4, 3)).toJson();
        assertThat(MultiLayerConfiguration.fromJson(json).toJson()).isEqualTo(json);
        for (String damaged : List.of(
                json.replace("\"sigma\" : 0.35", "\"sigma\" : 0.35, \"sigma\" : -3"),
                json.replace("\"sigma\" : 0.35", "\"sigma\" : 0.35, \"sgima\" : 3"))) {
            assertThat(damaged).isNotEqualTo(json);
            assertThatThrownBy(() -> MultiLayerConfiguration.fromJson(damaged))
                    .hasStackTraceContaining("not a learning rule");
        }
    }

    /** What nothing reads makes no difference: neither to equality nor to what is written. */
    @ParameterizedTest
    @EnumSource(Objective.Kind.class)
    void settingsThatNothingReadsMakeNoDifference(Objective.Kind kind) {
        Objective objective = Objective.of(kind);
        Set<String> read = new TreeSet<>();
        if (isAnother(objective, objective.withGamma(3))) {
            read.add("gamma");
        }
        if (isAnother(objective, objective.withSigmaX(0.9))) {
            read.add("sigmaX");
        }
        if (isAnother(objective, objective.withRate(3))) {
            read.add("rate");
        }
        if (isAnother(objective, objective.withSigma(0.9))) {
            read.add("kernel");
        }
        if (isAnother(objective, objective.withLabels(LabelKernel.gaussian(0.4)))) {
            read.add("labels");
        }
        assertThat(read).containsExactlyInAnyOrder(switch (kind) {
            case HSIC, REFERENCE -> new String[] {"gamma", "sigmaX", "kernel", "labels"};
            case HSIC_ZZ -> new String[] {"gamma", "kernel", "labels"};
            case PREDICTION -> new String[] {"rate"};
            default -> kind.readsWindow() ? new String[] {"kernel", "labels"} : new String[0];
        });
        assertThat(objective.withGamma(-0.0)).isEqualTo(objective.withGamma(0.0))
                .hasSameHashCodeAs(objective.withGamma(0.0));
    }

    private static boolean isAnother(Objective objective, Objective changed) {
        String json = LearningRule.builder().objective(objective).build().toJson();
        String after = LearningRule.builder().objective(changed).build().toJson();
        assertThat(after.equals(json)).isEqualTo(changed.equals(objective));
        assertThat(changed.hashCode() == objective.hashCode()).isEqualTo(changed.equals(objective));
        return !changed.equals(objective);
    }

    @Test
    void kernelsDifferByWhatTheyReadAlone() {
        assertThat(new Kernel(Kernel.Type.COSINE, 3)).isEqualTo(Kernel.cosine()).hasSameHashCodeAs(Kernel.cosine());
        assertThat(new LabelKernel(LabelKernel.Type.SAME_LABEL, 3)).isEqualTo(LabelKernel.sameLabel());
        assertThat(new LabelKernel(LabelKernel.Type.SAME_LABEL, Double.NaN)).isEqualTo(LabelKernel.sameLabel());
        assertThat(Kernel.medianGaussian(0.3)).isNotEqualTo(Kernel.medianGaussian(0.4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"objectives", "normalization", "pooling", "memory"})
    void refusesJsonWithoutAField(String field) {
        String json = "{\"objectives\":" + objectivesOfDefaults()
                + ",\"normalization\":\"none\",\"pooling\":2,\"memory\":8,";
        String without = json.replaceFirst("\"" + field + "\":(\\[.*\\]|[^,]*),", "").replaceFirst(",$", "}");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearningRule.fromJson(without))
                .withMessageContaining(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kind", "weight", "kernel", "groups", "gamma", "sigmaX", "labels", "type"})
    void refusesJsonWithoutAFieldOfAnObjective(String field) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearningRule.fromJson(
                        UNUSUAL.toJson().replaceFirst("\"" + field + "\":(\\{[^}]*\\}|[^,}]*),?", "").replace(",}", "}")))
                .withMessageContaining(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null"})
    void refusesWhatIsNoRule(String json) {
        assertThatIllegalArgumentException().isThrownBy(() -> LearningRule.fromJson(json));
    }

    private static String objectivesOfDefaults() {
        String json = LearningRule.defaults().toJson();
        return json.substring(json.indexOf('['), json.lastIndexOf(']') + 1);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // What mutants have survived
    // ----------------------------------------------------------------------------------------------------------------

    /** Of a rule's JSON: the field, where it stands, and what messages call it. */
    @ParameterizedTest
    @CsvSource({"objectives,,objectives", "pooling,,pooling", "memory,,memory", "normalization,,normalization",
        "kind,/objectives/0,kind", "weight,/objectives/0,weight", "kernel,/objectives/0,kernel",
        "groups,/objectives/0,groups", "gamma,/objectives/0,gamma", "sigmaX,/objectives/0,sigmaX",
        "labels,/objectives/0,labels", "rate,/objectives/1,rate", "type,/objectives/0/labels,label kernel type",
        "type,/objectives/0/kernel,kernel type"})
    void aFieldThatIsMissingIsNamed(String field, String at, String name) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        LearningRule rule = LearningRule.builder().objective(Objective.hsic()).plus(Objective.prediction()).build();
        JsonNode whole = mapper.readTree(rule.toJson());
        ObjectNode holder = (ObjectNode) (at == null ? whole : whole.at(at));
        assertThat(holder.has(field)).isTrue();
        holder.remove(field);
        assertThatIllegalArgumentException().isThrownBy(() -> LearningRule.fromJson(whole.toString()))
                .withMessageContaining(name + " is missing");
        holder.putNull(field);
        assertThatIllegalArgumentException().isThrownBy(() -> LearningRule.fromJson(whole.toString()))
                .withMessageContaining(name + " is missing");
    }

    @Test
    void anObjectiveThatIsNoneIsNamed() {
        String json = LearningRule.defaults().toJson().replace("\"objectives\":[", "\"objectives\":[null,");
        assertThatIllegalArgumentException().isThrownBy(() -> LearningRule.fromJson(json))
                .withMessageContaining("objective is missing");
        assertThatIllegalArgumentException().isThrownBy(() -> LearningRule.builder().plus(null))
                .withMessageContaining("missing");
        assertThatIllegalArgumentException().isThrownBy(() -> LearningRule.builder().updaters(null))
                .withMessageContaining("missing");
        assertThatIllegalArgumentException().isThrownBy(() -> Objective.of(null)).withMessageContaining("missing");
    }

    /** Objects in objects, as arrays in arrays: up to so deep, and no deeper. */
    @Test
    void objectsAreNestedNoDeeperThanRulesAre() {
        String json = LearningRule.defaults().toJson();
        for (int depth : new int[] {15, 16, 17, 5000}) {
            String nested = json.replace("\"memory\":", "\"x\":" + "{\"x\":".repeat(depth) + "1" + "}".repeat(depth)
                    + ",\"memory\":");
            assertThatIllegalArgumentException().isThrownBy(() -> LearningRule.fromJson(nested))
                    .withMessageContaining(depth > 15 ? "deeper" : "\"x\"");
        }
    }

    @Test
    void limitsAreAllowed() {
        Objective fading = Objective.neighbourhood().withFade(1);
        assertThat(fading.fade()).isOne();
        assertThat(Objective.neighbourhood().withFade(0).fade()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> Objective.neighbourhood().withFade(-0.1))
                .withMessageContaining("fade (-0.1)");
        assertThatIllegalArgumentException().isThrownBy(() -> Objective.neighbourhood().withFade(1.01))
                .withMessageContaining("fade (1.01)");
        assertThatIllegalArgumentException().isThrownBy(() -> new LabelKernel(LabelKernel.Type.AUTO, -1))
                .withMessageContaining("sigma (-1.0)");
        assertThatIllegalArgumentException().isThrownBy(() -> LabelKernel.auto(0)).withMessageContaining("sigma (0.0)");
        assertThat(LabelKernel.medianGaussian(2).sigma()).isEqualTo(2);
    }

    @Test
    void namesSayWhatARuleIs() {
        for (Objective.Kind kind : Objective.Kind.values()) {
            assertThat(Objective.Kind.fromName(kind.toString())).isSameAs(kind);
        }
        assertThat(Objective.normalizedHsic().kind()).isSameAs(Objective.Kind.NORMALIZED_HSIC);
        assertThat(Objective.reference().kind()).isSameAs(Objective.Kind.REFERENCE);
        assertThat(Objective.hsic().withWeight(2).withGroups(4))
                .hasToString("2.0 x hsic (sigma 0.5, 4 groups, gamma 2.0)");
        assertThat(Objective.hsic().withKernel(Kernel.cosine())).hasToString("hsic (cosine, gamma 2.0)");
        assertThat(Objective.neighbourhood().withKernel(Kernel.medianGaussian(0.7)).withFade(0.1))
                .hasToString("neighbourhood (sigma 0.7 x median, fading to 0.1)");
        assertThat(Objective.prediction().withRate(3).withBlock(0))
                .hasToString("prediction (rate 3.0, once a mini-batch)");
        assertThat(Objective.prediction().withBlock(7)).hasToString("prediction (rate 1.0, blocks of 7)");
        assertThat(LearningRule.builder().objective(Objective.neighbourhood()).memory(9).gain(false)
                .normalization(LearningRule.Normalization.NONE).build())
                .hasToString(Objective.neighbourhood() + ", not normalised, memory 9, without gain");
    }

    @Test
    void rulesShareAMemoryOfOneSizeAndOneNetwork() {
        MemoryFile network = new MemoryFile(null, "a".repeat(64), 30, 3, 9);
        MemoryFile other = new MemoryFile(null, "b".repeat(64), 30, 3, 9);
        LearningRule recalled = LearningRule.builder().memory(network, 5).build();
        assertThat(recalled.memoryNetwork()).isEqualTo(network);
        assertThat(recalled.sharesMemoryWith(LearningRule.builder().memory(network, 5).gain(false).build())).isTrue();
        assertThat(recalled.sharesMemoryWith(LearningRule.builder().memory(network, 4).build())).isFalse();
        assertThat(recalled.sharesMemoryWith(LearningRule.builder().memory(other, 5).build())).isFalse();
        assertThat(recalled.sharesMemoryWith(LearningRule.builder().memory(5).build())).isFalse();
        assertThat(recalled).doesNotHaveToString(LearningRule.builder().memory(5).build().toString());
        assertThat(LearningRule.builder().objective(Objective.hsic()).build().prediction()).isEmpty();
    }
}
